"""The rows in PyTorch on one thread; prints the same lines as run.mjs."""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def mix(n, seed):
    h = np.arange(n, dtype=np.uint64) + np.uint64((seed * 0x9E3779B9) & 0xFFFFFFFF)
    h = h.astype(np.uint32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def numbers(n, seed, scale=1):
    return torch.from_numpy(((mix(n, seed).astype(np.float64) / 2**31 - 1) * scale).astype(np.float32))


def labels(n, of, seed):
    return torch.from_numpy((mix(n, seed) % np.uint32(of)).astype(np.int64))


def digest(values):
    values = np.asarray(values, dtype=np.float64).reshape(-1)
    weights = mix(values.size, 99).astype(np.float64) / 2**31 - 1
    return [float((values * weights).sum()), float(np.abs(values).sum())]


def leaf(values, *shape):
    return values.reshape(shape).clone().requires_grad_()


def measure(run, warm=0.3, batches=11, batch=0.025):
    count, start = 0, time.process_time()
    while count < 3 or time.process_time() - start < warm:
        run()
        count += 1
    size = max(1, round(batch * count / (time.process_time() - start)))
    times = []
    for _ in range(batches):
        start = time.process_time()
        for _ in range(size):
            run()
        times.append((time.process_time() - start) / size * 1e3)
    return sorted(times)[batches // 2]


def graph(leaves, forward):
    last = [None]

    def run():
        for t in leaves:
            t.grad = None
        last[0] = forward()
        last[0].backward()

    return run, lambda: [last[0].item(), *(t.grad.numpy() for t in leaves)]


def training(parameters, rate, loss_of):
    def fresh():
        return [p.clone().requires_grad_() for p in parameters]

    def step(ps):
        for p in ps:
            p.grad = None
        loss_of(*ps).backward()
        with torch.no_grad():
            for p in ps:
                p.sub_(p.grad * rate)

    kept = fresh()

    def check():
        ps = fresh()
        for _ in range(10):
            step(ps)
        return [p.detach().numpy() for p in ps]

    return lambda: step(kept), check


def chain():
    w = torch.tensor(1.0001, requires_grad=True)

    def forward():
        y = w
        for _ in range(500):
            y = y.mul(w).add(0.001)
        return y

    return w, forward


def row_a_forward():
    _, forward = chain()
    return forward, lambda: [forward().item()]


def row_a_both():
    w, forward = chain()
    return graph([w], forward)


def row_b():
    x, target = numbers(200, 1).reshape(100, 2), numbers(100, 2).reshape(100, 1)
    parameters = [
        numbers(32, 3).reshape(2, 16),
        numbers(16, 4),
        numbers(256, 5, 0.4).reshape(16, 16),
        numbers(16, 6),
        numbers(16, 7, 0.4).reshape(16, 1),
        numbers(1, 8),
    ]

    def loss_of(w1, b1, w2, b2, w3, b3):
        h = x.matmul(w1).add(b1).tanh().matmul(w2).add(b2).tanh()
        return h.matmul(w3).add(b3).sub(target).pow(2).mean()

    return training(parameters, 0.01, loss_of)


def row_c():
    x, target = numbers(64 * 784, 11).reshape(64, 784), labels(64, 10, 12)
    parameters = [
        numbers(784 * 256, 13, 0.04).reshape(784, 256),
        numbers(256, 14),
        numbers(2560, 15, 0.06).reshape(256, 10),
        numbers(10, 16),
    ]

    def loss_of(w1, b1, w2, b2):
        return F.cross_entropy(x.matmul(w1).add(b1).relu().matmul(w2).add(b2), target)

    return training(parameters, 0.05, loss_of)


def row_d_forward():
    a, b = numbers(512 * 512, 21).reshape(512, 512), numbers(512 * 512, 22).reshape(512, 512)
    return lambda: a.matmul(b), lambda: [a.matmul(b).numpy()]


def row_d_both():
    a, b = leaf(numbers(512 * 512, 21), 512, 512), leaf(numbers(512 * 512, 22), 512, 512)
    return graph([a, b], lambda: a.matmul(b).sum())


def row_e():
    x = leaf(numbers(10**6, 31, 2), 10**6)
    return graph([x], lambda: x.exp().mul(x.tanh()).add(x).sum())


def row_f_sum():
    x, v = leaf(numbers(10**6, 31, 2), 1000, 1000), numbers(1000, 32)
    return graph([x], lambda: x.sum(0).mul(v).sum())


def row_f_mean():
    x, v = leaf(numbers(10**6, 31, 2), 1000, 1000), numbers(1000, 32)
    return graph([x], lambda: x.mean(1).mul(v).sum())


def row_f_add():
    x, v = leaf(numbers(10**6, 31, 2), 1000, 1000), leaf(numbers(1000, 32), 1000)
    return graph([x, v], lambda: x.add(v).sum())


def row_g():
    x, target = leaf(numbers(1024 * 1000, 41, 3), 1024, 1000), labels(1024, 1000, 42)
    return graph([x], lambda: F.nll_loss(torch.log_softmax(x, 1), target))


def row_h():
    x, w = leaf(numbers(8 * 28 * 28, 51), 8, 1, 28, 28), leaf(numbers(16 * 9, 52), 16, 1, 3, 3)
    bias, g = leaf(numbers(16, 53), 16), numbers(8 * 16 * 26 * 26, 54).reshape(8, 16, 26, 26)
    return graph([x, w, bias], lambda: F.conv2d(x, w, bias).mul(g).sum())


def tell(line):
    print(json.dumps(line), flush=True)


ROWS = {
    "a.forward": row_a_forward,
    "a.both": row_a_both,
    "b": row_b,
    "c": row_c,
    "d.forward": row_d_forward,
    "d.both": row_d_both,
    "e": row_e,
    "f.sum": row_f_sum,
    "f.mean": row_f_mean,
    "f.add": row_f_add,
    "g": row_g,
    "h": row_h,
}

tell({"version": torch.__version__})
wanted = sys.argv[1:]
for name, make in ROWS.items():
    if wanted and name not in wanted:
        continue
    run, check = make()
    ms = measure(run)
    tell({"row": name, "ms": ms, "digests": [digest(r) for r in check()]})
