# %% In [1] by PyTorch
import torch

a = torch.tensor([3.0, 4.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
distance = ((a - b) ** 2).sum().sqrt()
print("distance =", distance)
distance.backward()
print("a.grad =", a.grad)
a.grad = None
((a - b) ** 2).sum().add(1e-12).sqrt().backward()
print("a.grad with a hair =", a.grad)
