"""What `bench device` measures, by PyTorch on the same GPU: a line each, under the same names."""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SMOKE = "--smoke" in sys.argv
DEVICE = "cuda"
LIMIT = 0.0 if SMOKE else 0.2


def timed(run):
    """Seconds of a run: among as many as take a fifth of a second, with one wait behind them."""
    runs = 1
    while True:
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(runs):
            run()
        torch.cuda.synchronize()
        passed = time.perf_counter() - start
        if passed >= LIMIT / 2:
            return passed / runs
        runs = min(4 * runs, 1 + int(runs * LIMIT / max(passed, 1e-9)))


def line(name, run):
    for _ in range(2):
        timed(run)
    times = sorted(timed(run) for _ in range(5))
    print(f"{name:<44}  {1e3 * times[2]:12.4f} ms", flush=True)


def products():
    for size in [32] if SMOKE else [1024, 2048, 4096, 8192]:
        a, b = torch.randn(size, size, device=DEVICE), torch.randn(size, size, device=DEVICE)
        torch.backends.cuda.matmul.allow_tf32 = False
        line(f"product float32 {size}", lambda: a @ b)
        torch.backends.cuda.matmul.allow_tf32 = True
        line(f"product tf32 {size}", lambda: a @ b)
        torch.backends.cuda.matmul.allow_tf32 = False
        a, b = a.bfloat16(), b.bfloat16()
        line(f"product bfloat16 {size}", lambda: a @ b)


def elements():
    count = 1 << (10 if SMOKE else 26)
    a, b = torch.randn(count, device=DEVICE), torch.randn(count, device=DEVICE)
    line(f"a + b, {count}", lambda: a + b)
    line(f"exp(a), {count}", lambda: a.exp())
    line(f"sum(a), {count}", lambda: a.sum())


class LastOutput(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.out = nn.LSTM(64, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.all, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, places, width = x.shape
        q, k, v = self.all(self.norm1(x)).reshape(batch, places, 3, 4, width // 4).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(batch, places, width))
        return x + self.linear2(F.gelu(self.linear1(self.norm2(x))))


class Characters(nn.Module):
    KINDS = 81

    def __init__(self, blocks, places, width):
        super().__init__()
        self.characters, self.places = nn.Embedding(self.KINDS, width), nn.Embedding(places, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, self.KINDS)

    def forward(self, x):
        y = self.characters(x) + self.places(torch.arange(x.shape[1], device=x.device))
        return self.out(self.norm(self.blocks(y))).reshape(-1, self.KINDS)


def mlp(width):
    return nn.Sequential(
        nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))


def step(name, model, x, kinds, targets):
    model = model.to(DEVICE)
    target = torch.randint(kinds, (targets,), device=DEVICE)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-6)

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        loss.item()

    line(name, run)


def steps():
    torch.backends.cudnn.allow_tf32 = False
    for b in [2] if SMOKE else [128, 1024]:
        x = torch.randn(b, 784, device=DEVICE)
        step(f"mlp 784-128-128-10, batch {b}", mlp(128), x, 10, b)
        step(f"mlp 784-512-512-10, batch {b}", mlp(512), x, 10, b)
        step(f"cnn 1-32-64, batch {b}", cnn(), x.reshape(b, 1, 28, 28), 10, b)
        step(f"lstm 64-128, 64 steps, batch {b}", LastOutput(), torch.randn(b, 64, 64, device=DEVICE), 10, b)
        places = torch.randint(Characters.KINDS, (b, 64), device=DEVICE)
        step(f"transformer 4 x 128, batch {b}", Characters(4, 64, 128), places, Characters.KINDS, b * 64)


if not torch.cuda.is_available():
    print(f"torch {torch.__version__} finds no CUDA here: nothing is compared")
    sys.exit()
elements()
products()
steps()
print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}")
