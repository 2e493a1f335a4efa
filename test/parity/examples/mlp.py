# %% In [1] by PyTorch
import torch

torch.manual_seed(7)
inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
targets = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
w1 = torch.randn(2, 4, requires_grad=True)
b1 = torch.zeros(4, requires_grad=True)
w2 = torch.randn(4, 1, requires_grad=True)
b2 = torch.zeros(1, requires_grad=True)


def forward(x):
    return torch.sigmoid(x @ w1 + b1) @ w2 + b2


for epoch in range(201):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(forward(inputs), targets)
    loss.backward()
    with torch.no_grad():
        for p in (w1, b1, w2, b2):
            p -= 2 * p.grad
            p.grad.zero_()
    if epoch % 50 == 0:
        print(f"epoch {epoch}: loss {loss.item():.4f}")
with torch.no_grad():
    print(torch.sigmoid(forward(inputs)))
