# %% In [1] omitted: the version of PyTorch
import torch

torch.manual_seed(0)
# %% In [2]
x = torch.tensor([3.0], requires_grad=True)
print(f"x = {x}")
print(f"requires_grad: {x.requires_grad}")
# %% In [3]
y = x**2
z = 2 * y + 3
print(f"y = x² = {y.item()}")
print(f"z = 2x² + 3 = {z.item()}")
print(f"\nz.grad_fn: {z.grad_fn}")
# %% In [4]
z.backward()
print(f"x = {x.item()}")
print("z = 2x² + 3")
print(f"dz/dx = 4x = {x.grad.item()}")
print("Expected at x=3: 4×3 = 12 ✓")
# %% In [5]
w1 = torch.tensor([2.0], requires_grad=True)
w2 = torch.tensor([3.0], requires_grad=True)
z = w1**2 + w1 * w2
print(f"z = w1² + w1×w2 = {z.item()}")
z.backward()
print(f"\ndz/dw1 = 2×w1 + w2 = {w1.grad.item()}")
print("Expected: 2×2 + 3 = 7 ✓")
print(f"\ndz/dw2 = w1 = {w2.grad.item()}")
print("Expected: 2 ✓")
# %% In [6]
x = torch.tensor([2.0], requires_grad=True)
y = x**2
y.backward()
print(f"After 1st backward: x.grad = {x.grad.item()}")
y = x**2
y.backward()
print(f"After 2nd backward: x.grad = {x.grad.item()}  (accumulated!)")
x.grad.zero_()
y = x**2
y.backward()
print(f"After zeroing + backward: x.grad = {x.grad.item()}  ✓")
# %% In [7]
x = torch.tensor([2.0], requires_grad=True)
y = x**2
print(f"With tracking: y.requires_grad = {y.requires_grad}")
with torch.no_grad():
    y_no_grad = x**2
    print(f"In no_grad: y.requires_grad = {y_no_grad.requires_grad}")
# %% In [8]
X = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
Y = torch.tensor([[3.0], [5.0], [7.0], [9.0]])
w = torch.tensor([[0.0]], requires_grad=True)
b = torch.tensor([[0.0]], requires_grad=True)
learning_rate = 0.1
print("Learning y = 2x + 1")
print(f"Initial: w={w.item():.2f}, b={b.item():.2f}")
print()
# %% In [9]
for epoch in range(100):
    Y_pred = X @ w + b
    loss = ((Y_pred - Y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= learning_rate * w.grad
        b -= learning_rate * b.grad
    w.grad.zero_()
    b.grad.zero_()
    if epoch % 20 == 0:
        print(f"Epoch {epoch:3d}: loss={loss.item():.4f}, w={w.item():.3f}, b={b.item():.3f}")
print(f"\nFinal: w={w.item():.3f}, b={b.item():.3f}")
print("Target: w=2.000, b=1.000")
# %% In [10] seeded
W = torch.randn(2, 3, requires_grad=True)
x = torch.randn(1, 2)
y = x @ W
print(f"Input x shape: {x.shape}")
print(f"Weight W shape: {W.shape}")
print(f"Output y shape: {y.shape}")
loss = y.sum()
loss.backward()
print(f"\nW.grad shape: {W.grad.shape}")
print(f"W.grad:\n{W.grad}")
# %% In [11]
x = torch.tensor([2.0], requires_grad=True)
y = x**2
y_detached = y.detach()
print(f"y.requires_grad: {y.requires_grad}")
print(f"y_detached.requires_grad: {y_detached.requires_grad}")
