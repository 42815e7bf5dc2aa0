"""Writes graphs.json: small graphs with given entries, and what PyTorch computes on them, forward and backward.

    python test/parity/graphs.py > test/parity/graphs.json

Each case has a graph in InitScope's own form, the entries of its parameters and inputs, the loss's gradient at its
outputs, and torch's outputs and gradients of parameters.
"""
import json

import torch
import torch.nn.functional as F
from torch import nn

CASES = []


def entries(t):
    return [float(f"{v:.7g}") for v in t.detach().double().flatten().tolist()]


class Case:
    def __init__(self, name):
        self.name = name
        self.values, self.nodes, self.parameters, self.inputs, self.grads = [], [], [], [], []
        torch.manual_seed(len(CASES) + 1)

    def value(self, shape, dtype="float"):
        self.values.append({"id": len(self.values), "shape": list(shape), "dtype": dtype})
        return len(self.values) - 1

    def parameter(self, t):
        """A parameter that an operation names."""
        t = t.detach().double().requires_grad_()
        self.parameters.append(t)
        return len(self.parameters) - 1, t

    def operand(self, *shape, map=None):
        """A parameter used as a tensor: (value, tensor)."""
        t = torch.randn(*shape, dtype=torch.float64)
        i, t = self.parameter(t if map is None else map(t))
        v = self.value(t.shape)
        self.nodes.append({"operation": {"kind": "parameter", "parameter": i}, "inputs": [], "outputs": [v], "path": ""})
        return v, t

    def constant(self, t):
        v = self.value(t.shape, "int")
        op = {"kind": "constant", "distribution": {"kind": "unknown", "reason": ""}, "entries": entries(t)}
        self.nodes.append({"operation": op, "inputs": [], "outputs": [v], "path": ""})
        return v

    def node(self, operation, inputs, *results):
        outputs = [self.value(r.shape) for r in results]
        self.nodes.append({"operation": operation, "inputs": inputs, "outputs": outputs, "path": ""})
        return outputs if len(outputs) != 1 else outputs[0]

    def done(self, *pairs):
        loss = 0
        outputs = []
        for v, t in pairs:
            g = torch.randn_like(t)
            loss = loss + (g * t).sum()
            outputs.append({"value": v, "entries": entries(t), "gradient": entries(g)})
        loss.backward()
        CASES.append({
            "name": self.name,
            "values": self.values,
            "nodes": self.nodes,
            "parameters": [{"shape": list(p.shape), "entries": entries(p), "gradient": entries(p.grad)} for p in self.parameters],
            "outputs": outputs,
        })


def window(kernel, stride=None, padding=None, dilation=None):
    n = len(kernel)
    return {
        "kernel": kernel,
        "stride": stride or [1] * n,
        "padding": [[p, p] for p in (padding or [0] * n)],
        "dilation": dilation or [1] * n,
    }


def convolution(name, x, w, dims, bias=True, stride=None, padding=None, dilation=None, groups=1, transposed=False, output_padding=0):
    c = Case(name)
    vx, tx = c.operand(*x)
    wi, tw = c.parameter(torch.randn(*w))
    bi, tb = c.parameter(torch.randn(w[1] * groups if transposed else w[0]))
    f = getattr(F, f"conv{'_transpose' if transposed else ''}{dims}d")
    more = {"output_padding": output_padding} if transposed else {}
    y = f(tx, tw, tb, stride=stride or 1, padding=padding or 0, dilation=dilation or 1, groups=groups, **more)
    op = {"kind": "convolution", "weight": wi, "bias": bi, "groups": groups, "transposed": transposed, "paddingMode": "zeros",
          "window": window(w[2:], stride, padding, dilation)}
    c.done((c.node(op, [vx], y), y))


convolution("conv2d", [2, 3, 6, 7], [4, 3, 3, 3], 2, padding=[1, 1])
convolution("conv2d strided, not square", [2, 3, 7, 8], [4, 3, 3, 2], 2, stride=[2, 3], padding=[1, 0])
convolution("conv2d dilated", [1, 2, 9, 9], [3, 2, 3, 3], 2, dilation=[2, 2], padding=[2, 2])
convolution("conv2d grouped", [2, 4, 5, 5], [6, 2, 3, 3], 2, groups=2, padding=[1, 1])
convolution("conv2d depthwise", [2, 3, 6, 6], [6, 1, 3, 3], 2, groups=3, stride=[2, 2], padding=[1, 1])
convolution("conv1d", [2, 3, 9], [4, 3, 4], 1, stride=[2])
convolution("conv3d", [1, 2, 4, 4, 5], [3, 2, 2, 3, 2], 3)
convolution("conv of one place", [3, 4, 5, 5], [6, 4, 1, 1], 2)
convolution("conv_transpose2d", [2, 3, 4, 4], [3, 4, 4, 4], 2, stride=[2, 2], padding=[1, 1], transposed=True)
convolution("conv_transpose2d with output padding, grouped", [2, 4, 3, 3], [4, 3, 3, 3], 2, stride=[2, 2], padding=[1, 1], groups=2, transposed=True, output_padding=1)
convolution("conv_transpose1d dilated", [2, 3, 5], [3, 2, 3], 1, stride=[2], dilation=[2], transposed=True)


def norm(name, op, shape, width, f):
    c = Case(name)
    vx, tx = c.operand(*shape, map=lambda t: 3 * t + 1)
    wi, tw = c.parameter(torch.randn(width))
    more = {"weight": wi}
    tb = None
    if op["over"] != "rms":
        bi, tb = c.parameter(torch.randn(width))
        more["bias"] = bi
    y = f(tx, tw, tb)
    c.done((c.node({"kind": "normalize", **op, **more}, [vx], y), y))


norm("batch norm", {"over": "batch", "eps": 1e-5}, [4, 3, 3, 2], 3, lambda x, w, b: F.batch_norm(x, None, None, w, b, True))
norm("batch norm of features", {"over": "batch", "eps": 1e-5}, [6, 3], 3, lambda x, w, b: F.batch_norm(x, None, None, w, b, True))
norm("layer norm", {"over": "layer", "dims": 1, "eps": 1e-5}, [3, 4, 5], 5, lambda x, w, b: F.layer_norm(x, [5], w, b))
norm("group norm", {"over": "group", "groups": 2, "eps": 1e-5}, [3, 4, 3, 3], 4, lambda x, w, b: F.group_norm(x, 2, w, b))
norm("instance norm", {"over": "instance", "eps": 1e-5}, [3, 4, 3, 3], 4, lambda x, w, b: F.instance_norm(x, None, None, w, b))
norm("rms norm", {"over": "rms", "dims": 1, "eps": 1e-6}, [3, 4, 5], 5, lambda x, w, b: F.rms_norm(x, [5], w, 1e-6))


def unary(name, op, shape, f, map=None):
    c = Case(name)
    vx, tx = c.operand(*shape, map=map)
    y = f(tx)
    c.done((c.node(op, [vx], y), y))


unary("normalize", {"kind": "normalize", "over": "l2", "axis": 1, "eps": 1e-12}, [3, 4, 2], lambda x: F.normalize(x, dim=1))
for name, f in {
    "relu": F.relu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "elu": F.elu, "selu": F.selu, "celu": F.celu, "softplus": F.softplus,
    "softsign": F.softsign, "hardswish": F.hardswish, "hard_sigmoid": F.hardsigmoid, "hardtanh": F.hardtanh, "relu6": F.relu6,
    "leaky_relu": F.leaky_relu, "log_sigmoid": F.logsigmoid, "tanhshrink": F.tanhshrink, "softshrink": F.softshrink,
    "hardshrink": F.hardshrink, "exp": torch.exp, "sin": torch.sin,
}.items():
    unary(name, {"kind": "activation", "name": name, "constants": {}}, [4, 8], f, map=lambda t: 2 * t)
unary("leaky_relu of slope 0.2", {"kind": "activation", "name": "leaky_relu", "constants": {"slope": 0.2}}, [4, 5], lambda x: F.leaky_relu(x, 0.2))
unary("glu", {"kind": "gate", "activation": "sigmoid", "axis": 1}, [3, 6, 2], lambda x: F.glu(x, 1))
unary("softmax", {"kind": "softmax", "axis": 1, "log": False}, [3, 5, 2], lambda x: F.softmax(x, 1))
unary("log_softmax", {"kind": "softmax", "axis": 2, "log": True}, [3, 2, 5], lambda x: F.log_softmax(x, 2))
for how, f in {
    "mean": lambda x: x.mean((0, 2)), "sum": lambda x: x.sum((0, 2)), "max": lambda x: x.amax((0, 2)), "min": lambda x: x.amin((0, 2)),
    "variance": lambda x: x.var((0, 2)), "std": lambda x: x.std((0, 2)), "norm": lambda x: x.norm(dim=(0, 2)), "logsumexp": lambda x: x.logsumexp((0, 2)),
}.items():
    unary(f"reduce by {how}", {"kind": "reduce", "how": how, "axes": [0, 2], "keepDims": False}, [3, 4, 5], f)
unary("cumsum", {"kind": "cumulate", "how": "sum", "axis": 1}, [2, 5, 3], lambda x: x.cumsum(1))
unary("cumprod", {"kind": "cumulate", "how": "prod", "axis": 1}, [2, 5, 3], lambda x: x.cumprod(1))
unary("clamp", {"kind": "clamp", "low": -0.5, "high": 0.7}, [3, 5], lambda x: x.clamp(-0.5, 0.7))


def pool(name, x, kernel, reduce, f, stride=None, padding=None, dilation=None, count=True, ceil=False):
    op = {"kind": "pool", "reduce": reduce, "window": window(kernel, stride or kernel, padding, dilation), "countPadding": count, "ceil": ceil}
    unary(name, op, x, f)


pool("max pooling", [2, 3, 6, 6], [2, 2], "max", lambda x: F.max_pool2d(x, 2))
pool("max pooling, overlapping and padded", [2, 3, 7, 7], [3, 3], "max", lambda x: F.max_pool2d(x, 3, 2, 1), stride=[2, 2], padding=[1, 1])
pool("max pooling, dilated with a rest", [2, 3, 8, 8], [2, 2], "max", lambda x: F.max_pool2d(x, 2, 3, dilation=2, ceil_mode=True), stride=[3, 3], dilation=[2, 2], ceil=True)
pool("average pooling", [2, 3, 7, 7], [3, 3], "average", lambda x: F.avg_pool2d(x, 3, 2, 1), stride=[2, 2], padding=[1, 1])
pool("average pooling not counting padding", [2, 3, 7, 7], [3, 3], "average", lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), stride=[2, 2], padding=[1, 1], count=False)
pool("average pooling with a rest", [2, 3, 8, 8], [3, 3], "average", lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), stride=[2, 2], padding=[1, 1], ceil=True)
pool("average pooling in one dimension", [2, 3, 9], [4], "average", lambda x: F.avg_pool1d(x, 4))
for reduce, name in (("average", "avg"), ("max", "max")):
    f = getattr(F, f"adaptive_{name}_pool2d")
    unary(f"adaptive {name} pooling", {"kind": "adaptivePool", "reduce": reduce, "output": [3, 4]}, [2, 3, 7, 6], lambda x: f(x, (3, 4)))

for mode in ("nearest", "area", "bilinear", "bicubic"):
    for corners in (False, True):
        if corners and mode in ("nearest", "area"):
            continue
        for size in ((7, 9), (3, 2)):
            args = {} if mode in ("nearest", "area") else {"align_corners": corners}
            unary(f"resize by {mode} to {size}{' with corners' if corners else ''}",
                  {"kind": "resize", "mode": mode, "output": list(size), **({"alignCorners": True} if corners else {})}, [2, 2, 5, 4],
                  lambda x: F.interpolate(x, size=size, mode=mode, **args))
for mode, own in (("constant", "zeros"), ("reflect", "reflect"), ("replicate", "replicate"), ("circular", "circular")):
    unary(f"pad by {mode}", {"kind": "pad", "amounts": [[1, 0], [2, 1]], "mode": own, "value": 0.5 if mode == "constant" else 0}, [2, 3, 4, 4],
          lambda x: F.pad(x, (2, 1, 1, 0), mode, **({"value": 0.5} if mode == "constant" else {})))
w = window([2, 3], [2, 1], [1, 0], [1, 2])
unary("unfold", {"kind": "unfold", "window": w}, [2, 3, 5, 6], lambda x: F.unfold(x, (2, 3), (1, 2), (1, 0), (2, 1)))
unary("fold", {"kind": "fold", "window": w}, [2, 18, 6], lambda x: F.fold(x, (5, 6), (2, 3), (1, 2), (1, 0), (2, 1)))
unary("permute", {"kind": "permute", "axes": [2, 0, 3, 1]}, [2, 3, 4, 5], lambda x: x.permute(2, 0, 3, 1).contiguous())
unary("slices", {"kind": "select", "slices": [{"axis": 1, "start": 1, "length": 3, "step": 2}]}, [2, 7, 3], lambda x: x[:, 1:6:2])
unary("expand", {"kind": "repeat"}, [2, 1, 3], lambda x: x.expand(4, 2, 5, 3))


def recurrent(name, cell, module, batch_first=False, states=False):
    c = Case(name)
    module = module.double()
    x, tx = c.operand(*([3, 5, 4] if batch_first else [5, 3, 4]))
    ids = []
    for p in module._flat_weights:
        i, t = c.parameter(torch.randn(p.shape) * 0.5)
        with torch.no_grad():
            p.copy_(t)
        c.parameters[i] = p
        ids.append(i)
    inputs, given = [x], None
    if states:
        n = module.num_layers * (2 if module.bidirectional else 1)
        h = c.operand(n, 3, module.proj_size or module.hidden_size)
        inputs.append(h[0])
        given = h[1]
        if cell == "lstm":
            s = c.operand(n, 3, module.hidden_size)
            inputs.append(s[0])
            given = (h[1], s[1])
    y, last = module(tx, given) if states else module(tx)
    results = [y, *(last if cell == "lstm" else [last])]
    op = {"kind": "recurrent", "cell": cell, "hidden": module.hidden_size, "layers": module.num_layers, "bidirectional": module.bidirectional,
          "batchFirst": batch_first, "single": False, "dropout": 0, "parameters": ids}
    if module.proj_size:
        op["projection"] = module.proj_size
    outs = c.node(op, inputs, *results)
    c.done(*zip(outs, results))


recurrent("rnn", "rnn_tanh", nn.RNN(4, 3))
recurrent("rnn of relu, both ways, deep, with a state", "rnn_relu", nn.RNN(4, 3, 2, nonlinearity="relu", bidirectional=True), states=True)
recurrent("lstm", "lstm", nn.LSTM(4, 3, batch_first=True), batch_first=True)
recurrent("lstm both ways, deep, with states", "lstm", nn.LSTM(4, 3, 2, bidirectional=True), states=True)
recurrent("lstm projected, without biases", "lstm", nn.LSTM(4, 5, 2, proj_size=3, bias=False))
recurrent("gru both ways, deep, batch first", "gru", nn.GRU(4, 3, 2, bidirectional=True, batch_first=True), batch_first=True, states=True)


def attention(name, op, f, mask=None, heads=2):
    c = Case(name)
    (q, tq), (k, tk), (v, tv) = c.operand(2, heads, 4, 3), c.operand(2, heads, 5 if mask is not None else 4, 3), c.operand(2, heads, 5 if mask is not None else 4, 6)
    y = f(tq, tk, tv)
    inputs = [q, k, v] + ([c.constant(mask.double())] if mask is not None else [])
    c.done((c.node({"kind": "attention", "causal": False, "dropout": 0, **op}, inputs, y), y))


attention("attention", {}, lambda q, k, v: F.scaled_dot_product_attention(q, k, v))
attention("attention, causal and scaled", {"causal": True, "scale": 0.4}, lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.4))
mask = torch.tensor([[1, 1, 0, 1, 0], [1, 0, 0, 1, 1], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]).bool()
attention("attention with a mask", {}, lambda q, k, v: F.scaled_dot_product_attention(q, k, v, attn_mask=mask), mask)


def table(name, combine, mode):
    c = Case(name)
    x = torch.randint(6, (3, 4))
    wi, w = c.parameter(torch.randn(6, 5))
    y = F.embedding(x, w) if mode is None else F.embedding_bag(x, w, mode=mode)
    op = {"kind": "embedding", "weight": wi, **({} if mode is None else {"combine": combine})}
    c.done((c.node(op, [c.constant(x)], y), y))


table("embedding", None, None)
for mode in ("sum", "mean", "max"):
    table(f"embedding bag by {mode}", mode, mode)

c = Case("bilinear")
(a, ta), (b, tb) = c.operand(4, 3), c.operand(4, 2)
(wi, tw), (bi, tbias) = c.parameter(torch.randn(5, 3, 2)), c.parameter(torch.randn(5))
y = F.bilinear(ta, tb, tw, tbias)
c.done((c.node({"kind": "bilinear", "weight": wi, "bias": bi}, [a, b], y), y))

for equation, shapes in (("bhid,bhjd->bhij", [[2, 2, 3, 4], [2, 2, 5, 4]]), ("ij,jk,kl->il", [[2, 3], [3, 4], [4, 2]]), ("bij->bj", [[2, 3, 4]]), ("bi,bj,bk->bijk", [[2, 2], [2, 3], [2, 2]])):
    c = Case(f"einsum {equation}")
    operands = [c.operand(*s) for s in shapes]
    y = torch.einsum(equation, *[t for _, t in operands])
    c.done((c.node({"kind": "einsum", "equation": equation}, [v for v, _ in operands], y), y))

# A block of a residual network, and one of a transformer.
c = Case("residual block")
vx, x = c.operand(3, 4, 6, 6)
(w1, t1), (w2, t2), (wd, td) = [c.parameter(torch.randn(*s) * 0.3) for s in ([6, 4, 3, 3], [6, 6, 3, 3], [6, 4, 1, 1])]
(g1, tg1), (b1, tb1), (g2, tg2), (b2, tb2) = [c.parameter(torch.randn(6)) for _ in range(4)]
conv = lambda w, v, y, k, s, p: c.node({"kind": "convolution", "weight": w, "window": window([k, k], [s, s], [p, p]), "groups": 1, "transposed": False, "paddingMode": "zeros"}, [v], y)
bn = lambda g, b, v, y: c.node({"kind": "normalize", "over": "batch", "eps": 1e-5, "weight": g, "bias": b}, [v], y)
relu = lambda v, y: c.node({"kind": "activation", "name": "relu", "constants": {}}, [v], y)
y1 = F.conv2d(x, t1, stride=2, padding=1); v1 = conv(w1, vx, y1, 3, 2, 1)
y2 = F.batch_norm(y1, None, None, tg1, tb1, True); v2 = bn(g1, b1, v1, y2)
y3 = F.relu(y2); v3 = relu(v2, y3)
y4 = F.conv2d(y3, t2, padding=1); v4 = conv(w2, v3, y4, 3, 1, 1)
y5 = F.batch_norm(y4, None, None, tg2, tb2, True); v5 = bn(g2, b2, v4, y5)
y6 = F.conv2d(x, td, stride=2); v6 = conv(wd, vx, y6, 1, 2, 0)
y7 = y5 + y6; v7 = c.node({"kind": "add"}, [v5, v6], y7)
y8 = F.relu(y7); v8 = relu(v7, y8)
y9 = y8.mean((2, 3)); v9 = c.node({"kind": "reduce", "how": "mean", "axes": [2, 3], "keepDims": False}, [v8], y9)
c.done((v9, y9))

c = Case("transformer block")
vx, x = c.operand(2, 5, 8)
lin = lambda o, i: c.parameter(torch.randn(o, i) / i ** 0.5)
(wq, tq), (wo, to), (wf, tf), (wp, tp) = lin(24, 8), lin(8, 8), lin(16, 8), lin(8, 16)
(n1, tn1), (n2, tn2) = c.parameter(torch.ones(8)), c.parameter(torch.ones(8))
linear = lambda w, v, y: c.node({"kind": "linear", "weight": w}, [v], y)
ln = lambda w, v, y: c.node({"kind": "normalize", "over": "layer", "dims": 1, "eps": 1e-5, "weight": w}, [v], y)
h = F.layer_norm(x, [8], tn1); vh = ln(n1, vx, h)
qkv = F.linear(h, tq); vqkv = linear(wq, vh, qkv)
parts = qkv.chunk(3, -1); vparts = c.node({"kind": "select"}, [vqkv], *parts)
heads, vheads = [], []
for v, t in zip(vparts, parts):
    r = t.view(2, 5, 2, 4); vr = c.node({"kind": "reshape"}, [v], r)
    p = r.transpose(1, 2); vheads.append(c.node({"kind": "permute", "axes": [0, 2, 1, 3]}, [vr], p)); heads.append(p)
o = F.scaled_dot_product_attention(*heads, is_causal=True); vo = c.node({"kind": "attention", "causal": True, "dropout": 0}, vheads, o)
p = o.transpose(1, 2); vp = c.node({"kind": "permute", "axes": [0, 2, 1, 3]}, [vo], p)
r = p.reshape(2, 5, 8); vr = c.node({"kind": "reshape"}, [vp], r)
a = F.linear(r, to); va = linear(wo, vr, a)
x1 = x + a; vx1 = c.node({"kind": "add"}, [vx, va], x1)
h = F.layer_norm(x1, [8], tn2); vh = ln(n2, vx1, h)
f = F.linear(h, tf); vf = linear(wf, vh, f)
g = F.gelu(f); vg = c.node({"kind": "activation", "name": "gelu", "constants": {}}, [vf], g)
m = F.linear(g, tp); vm = linear(wp, vg, m)
out = x1 + m; vout = c.node({"kind": "add"}, [vx1, vm], out)
c.done((vout, out))

print(json.dumps(CASES, separators=(",", ":")))
