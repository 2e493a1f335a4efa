# %% In [17]
import torch

torch.manual_seed(0)
# %% In [18]
x = torch.ones(2, 2, requires_grad=True)
print(x)
# %% In [19]
y = x + 2
print(y)
# %% In [20]
print(y.grad_fn)
print(f"The type of y.grad_fn is {type(y.grad_fn)}, a subclass of torch.autograd.Function")
# %% In [21]
z = y * y * 3
out = z.mean()
print(z)
print(f"The operation that created z is {z.grad_fn}")
print(out)
# %% In [22]
my_tensor = torch.rand(5, 5, requires_grad=True)
my_tensor_sum = my_tensor.sum()
print(
    f"The computation that created my_tensor_sum is {my_tensor_sum.grad_fn}, a subclass of torch.autograd.Function"
)
my_tensor_sum.backward()
print(my_tensor.grad)
# %% In [23]
out.backward()
# %% In [24]
print(x.grad)
# %% In [77] seeded
x = torch.randn(3, requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
print(y)
# %% In [78] seeded
gradients = torch.FloatTensor([0.1, 1.0, 0.0001])
y.retain_grad()
y.backward(gradients)
print(f"Gradient dy/dx at x = {x.data} is {x.grad}")
print(f"Gradient dy/dy at y = {y.data} is {y.grad}")
# %% In [None] seeded
my_tensor = torch.rand(2, 3, requires_grad=True)
print(my_tensor)
x = my_tensor.multiply(2)
print(x)
my_sum = x.sum()
print("\n\nBefore backward pass:\n")
print(f"Gradient of my_sum w.r.t. my_tensor: {my_tensor.grad}")
print(f"Gradient of my_sum w.r.t. x: {x.grad}")
print(f"Gradient of my_sum w.r.t. itself: {my_sum.grad}")
print("\n\nAfter backward pass:\n")
my_sum.backward()
x.retain_grad()
my_tensor.retain_grad()
print(f"Gradient of my_sum w.r.t. my_tensor: {my_tensor.grad}")
print(f"Gradient of my_sum w.r.t. x: {x.grad}")
print(f"Gradient of my_sum w.r.t. itself: {my_sum.grad}")
