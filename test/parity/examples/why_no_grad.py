# %% In [1] by PyTorch
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
data = torch.tensor([3.0, 4.0])
unused = torch.tensor([5.0, 6.0], requires_grad=True)
product = w * data
kept = product + 1
kept.retain_grad()
cut = product.detach()
with torch.no_grad():
    silent = w * 2
loss = kept.sum() + cut.sum() + silent.sum()
loss.backward()


def show(name, grad):
    print(name, "null" if grad is None else grad)


show("w:", w.grad)
show("data:", data.grad)
show("unused:", unused.grad)
show("kept:", kept.grad)
show("cut:", cut.grad)
show("silent:", silent.grad)
