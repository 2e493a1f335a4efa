# %% In [1] by PyTorch
import torch

x = torch.tensor([2.0, 4.0, 6.0])
target = torch.tensor([3.0, 5.0, 7.0])
w = torch.tensor([0.5], requires_grad=True)
b = torch.tensor([0.1], requires_grad=True)
for epoch in range(30):
    y = w * x + b
    loss = ((y - target) ** 2).mean()
    w.grad = b.grad = None
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        b -= 0.01 * b.grad
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1}: loss {loss.item():.4f}")
print("w =", w)
print("b =", b)
