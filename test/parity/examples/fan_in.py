# %% In [1] by PyTorch
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x**2 * (x * 10) + x).sum()
loss.backward()
print("30x² + 1 =", x.grad)
x.sum().backward()
print("plus 1 =", x.grad)
x.grad.zero_()
print("cleared =", x.grad)
