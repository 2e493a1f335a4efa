# %% In [1]
import torch

torch.manual_seed(0)
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
y = w * x
z = y + b
print(f"Result z: {z}")
# %% In [2]
x = torch.tensor([1.0, 2.0, 3.0])
print(f"Tensor x: {x}")
print(f"x.requires_grad: {x.requires_grad}")
# %% In [3]
y = torch.tensor([4.0, 5.0, 6.0], requires_grad=False)
print(f"\nTensor y: {y}")
print(f"y.requires_grad: {y.requires_grad}")
# %% In [4]
w = torch.tensor([0.5, -1.0], requires_grad=True)
print(f"Tensor w: {w}")
print(f"w.requires_grad: {w.requires_grad}")
# %% In [6]
b = torch.tensor([0.1])
print(f"Tensor b (before): {b}")
print(f"b.requires_grad (before): {b.requires_grad}")
b.requires_grad_(True)
print(f"\nTensor b (after): {b}")
print(f"b.requires_grad (after): {b.requires_grad}")
# %% In [7]
try:
    int_tensor = torch.tensor([1, 2], dtype=torch.int64, requires_grad=True)
    print(f"Integer tensor created with requires_grad=True: {int_tensor.requires_grad}")
    result = int_tensor * 2.0
    print(f"Result requires_grad: {result.requires_grad}")
except RuntimeError as e:
    print(f"\nError setting requires_grad on integer tensor: {e}")
# %% In [8]
float_tensor = torch.tensor([1.0, 2.0], requires_grad=True)
print(f"\nFloat tensor created with requires_grad=True: {float_tensor.requires_grad}")
# %% In [9]
x = torch.tensor([1.0, 2.0])
w = torch.tensor([0.5, -1.0], requires_grad=True)
b = torch.tensor([0.1], requires_grad=True)
print(f"x requires_grad: {x.requires_grad}")
print(f"w requires_grad: {w.requires_grad}")
print(f"b requires_grad: {b.requires_grad}")
# %% In [10]
intermediate = w * x
print(f"\nintermediate (w * x) requires_grad: {intermediate.requires_grad}")
# %% In [11]
y = intermediate + b
print(f"y requires_grad: {y.requires_grad}")
# %% In [12]
print(f"\nx.grad_fn: {x.grad_fn}")
print(f"w.grad_fn: {w.grad_fn}")
print(f"b.grad_fn: {b.grad_fn}")
print(f"intermediate.grad_fn: {intermediate.grad_fn}")
print(f"y.grad_fn: {y.grad_fn}")
# %% In [1]
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
y = w * x + b
loss = y * y
print(f"Gradient for x before backward: {x.grad}")
print(f"Gradient for w before backward: {w.grad}")
print(f"Gradient for b before backward: {b.grad}")
# %% In [2]
loss.backward()
print(f"Gradient for x after backward: {x.grad}")
print(f"Gradient for w after backward: {w.grad}")
print(f"Gradient for b after backward: {b.grad}")
# %% In [3]
x_vector = torch.tensor([2.0, 4.0], requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
# %% In [4]
y_non_scalar = w * x_vector + b
# %% In [5]
try:
    y_non_scalar.backward()
except RuntimeError as e:
    print(f"Error calling backward() on non-scalar: {e}")
# %% In [6]
grad_tensor = torch.ones_like(y_non_scalar)
y_non_scalar.backward(gradient=grad_tensor)
print(f"Gradient for x_vector after y_non_scalar.backward(gradient=...): {x_vector.grad}")
print(f"Gradient for w after y_non_scalar.backward(gradient=...): {w.grad}")
# %% In [7]
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
y = w * x + b
# %% In [8]
y.backward()
print(f"Gradient of y with respect to x (dy/dx): {x.grad}")
print(f"Gradient of y with respect to w (dy/dw): {w.grad}")
print(f"Gradient of y with respect to b (dy/db): {b.grad}")
# %% In [9]
z = torch.tensor(4.0, requires_grad=False)
print(f"Gradient for tensor z (requires_grad=False): {z.grad}")
# %% In [10]
x = torch.randn(2, 2, requires_grad=True)
w = torch.randn(2, 2, requires_grad=True)
b = torch.randn(2, 2, requires_grad=True)
y = x * w + b
print(f"y.requires_grad: {y.requires_grad}")
print(f"y.grad_fn: {y.grad_fn}")
# %% In [11]
print("\nEntering torch.no_grad() context:")
with torch.no_grad():
    z = x * w + b
    print(f"  z.requires_grad: {z.requires_grad}")
    print(f"  z.grad_fn: {z.grad_fn}")
    k = x * 5
    print(f"  k.requires_grad: {k.requires_grad}")
# %% In [12]
print("\nExiting torch.no_grad() context:")
p = x * w
print(f"p.requires_grad: {p.requires_grad}")
print(f"p.grad_fn: {p.grad_fn}")
# %% In [14]
pass
# %% In [15]
a = torch.randn(3, 3, requires_grad=True)
b = a * 2
print(f"b.requires_grad: {b.requires_grad}")
print(f"b.grad_fn: {b.grad_fn}")
# %% In [16]
c = b.detach()
print("\nAfter detaching b to create c:")
print(f"c.requires_grad: {c.requires_grad}")
print(f"c.grad_fn: {c.grad_fn}")
# %% In [17]
print("\nOriginal tensor b remains attached:")
print(f"b.requires_grad: {b.requires_grad}")
print(f"b.grad_fn: {b.grad_fn}")
# %% In [18]
d = c + 1
print("\nOperation on detached tensor c:")
print(f"d.requires_grad: {d.requires_grad}")
# %% In [2]
my_tensor = torch.randn(5, requires_grad=True)
print(f"Initial requires_grad: {my_tensor.requires_grad}")
my_tensor.requires_grad_(False)
print(f"After requires_grad_(False): {my_tensor.requires_grad}")
# %% In [3]
x = torch.tensor([2.0], requires_grad=True)
y = x * x
z = y * 3
z.backward(retain_graph=True)
print(f"After first backward pass, x.grad: {x.grad}")
# %% In [4]
z.backward()
print(f"After second backward pass, x.grad: {x.grad}")
# %% In [5]
x.grad.zero_()
print(f"After zeroing, x.grad: {x.grad}")
# %% In [6]
x = torch.tensor([2.0, 4.0, 6.0])
w = torch.tensor([0.5], requires_grad=True)
print(f"x: {x}")
print(f"w: {w}")
print(f"x.requires_grad: {x.requires_grad}")
print(f"w.requires_grad: {w.requires_grad}")
# %% In [7]
y = w * x
L = y.mean()
print(f"y: {y}")
print(f"L: {L}")
print(f"y.requires_grad: {y.requires_grad}")
print(f"L.requires_grad: {L.requires_grad}")
# %% In [8]
L.backward()
# %% In [9]
print(f"Gradient dL/dw: {w.grad}")
print(f"Gradient dL/dx: {x.grad}")
