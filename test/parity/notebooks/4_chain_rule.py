# %% In [2]
import torch
# %% In [3]
x = torch.tensor(3.0, requires_grad=True)
# %% In [4]
print(x)
# %% In [5]
y = x**2
# %% In [6]
print(y)
# %% In [7]
y.backward()
# %% In [8]
print(x.grad)
# %% In [9]
x = torch.tensor(4.0, requires_grad=True)
print(x)
# %% In [10]
y = x**2
print(y)
# %% In [11]
z = torch.sin(y)
print(z)
# %% In [12]
z.backward()
# %% In [13]
print(x.grad)
# %% In [14]
x = torch.tensor(6.7)
y = torch.tensor(0.0)
# %% In [16]
w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
# %% In [17]
print(w)
print(b)
# %% In [18]
z = w * x + b
print(z)
# %% In [19]
y_pred = torch.sigmoid(z)
print(y_pred)
# %% In [20]


def binary_cross_entropy_loss(predicted, target):
    epsilon = 1e-8
    predicted = torch.clamp(predicted, epsilon, 1 - epsilon)
    return -(target * torch.log(predicted) + (1 - target) * torch.log(1 - predicted))


# %% In [21]
loss = binary_cross_entropy_loss(y_pred, y)
print(loss)
# %% In [22]
loss.backward()
# %% In [23]
print(w.grad)
print(b.grad)
# %% In [24]
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
print(x)
# %% In [27]
y = (x**2).mean()
print(y)
# %% In [28]
y.backward()
# %% In [29]
print(x.grad)
# %% In [30]
x = torch.tensor(4.0, requires_grad=True)
# %% In [31]
y = x**2
# %% In [32]
y.backward()
# %% In [33]
print(x.grad)
# %% In [34]
print(x.grad.zero_())
# %% In [36]
x = torch.tensor(2.0, requires_grad=True)
print(x)
# %% In [37]
y = x**2
print(y)
# %% In [38]
y.backward()
# %% In [40]
print(x.grad)
# %% In [41]
x.requires_grad_(False)
print(x)
# %% In [42]
y = x**2
print(y)
# %% In [43]
x = torch.tensor(2.0, requires_grad=True)
print(x)
z = x.detach()
print(z)
# %% In [44]
y = z**2
print(y)
# %% In [45]
x = torch.tensor(2.0, requires_grad=True)
print(x)
# %% In [47]
with torch.no_grad():
    y = x**2
print(y)
