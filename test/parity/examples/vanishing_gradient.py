# %% In [1] by PyTorch
import torch

torch.manual_seed(1)
weights = [torch.randn(4, 4, requires_grad=True) for _ in range(8)]
h = torch.randn(1, 4)
for weight in weights:
    h = torch.sigmoid(h @ weight)
h.sum().backward()
for layer, weight in enumerate(weights):
    mantissa, exponent = f"{weight.grad.norm().item():.1e}".split("e")
    print(f"layer {layer}: gradient norm {mantissa}e{int(exponent):+d}")
