"""Recurrent layers: every parameter, biases included, is uniform in ±1/√hidden_size."""

import math

import torch
from torch.nn import Module, Parameter, init
from torch.nn.utils.rnn import PackedSequence

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class RNNBase(Module):
    def __init__(
        self,
        mode,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        proj_size=0,
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        if proj_size != 0:
            if mode != "LSTM":
                raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
            if proj_size >= hidden_size:
                raise ValueError("proj_size has to be smaller than hidden_size")
        gates = _GATES[mode] * hidden_size
        state = proj_size if proj_size else hidden_size
        self._flat_weights_names = []
        self._all_weights = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                width = input_size if layer == 0 else state * (2 if bidirectional else 1)
                end = f"_l{layer}{suffix}"
                names = ["weight_ih" + end, "weight_hh" + end]
                setattr(self, names[0], Parameter(torch.empty(gates, width)))
                setattr(self, names[1], Parameter(torch.empty(gates, state)))
                if bias:
                    names += ["bias_ih" + end, "bias_hh" + end]
                    setattr(self, names[2], Parameter(torch.empty(gates)))
                    setattr(self, names[3], Parameter(torch.empty(gates)))
                if proj_size:
                    names.append("weight_hr" + end)
                    setattr(self, names[-1], Parameter(torch.empty(proj_size, hidden_size)))
                self._flat_weights_names += names
                self._all_weights.append(names)
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self):
        pass

    @property
    def all_weights(self):
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _flat_weights(self):
        return [getattr(self, name) for name in self._flat_weights_names]

    def forward(self, input, hx=None):
        if isinstance(input, PackedSequence):
            output, hidden = self._run(input._padded, hx, False)
            return input._with(output), hidden
        if input.dim() not in (2, 3):
            raise ValueError(f"{self._get_name()}: Expected input to be 2D or 3D, got {input.dim()}D instead")
        if input.size(-1) != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )
        if input.dim() == 3:
            return self._run(input, hx, self.batch_first)
        axis = 0 if self.batch_first else 1
        if hx is not None:
            hx = tuple(h.unsqueeze(1) for h in hx) if self.mode == "LSTM" else hx.unsqueeze(1)
        output, hidden = self._run(input.unsqueeze(axis), hx, self.batch_first)
        if self.mode == "LSTM":
            return output.squeeze(axis), tuple(h.squeeze(1) for h in hidden)
        return output.squeeze(axis), hidden.squeeze(1)

    def _run(self, input, hx, batch_first):
        return torch._recurrent(
            input,
            hx,
            self.mode.lower(),
            self.hidden_size,
            self.num_layers,
            self.bidirectional,
            batch_first,
            False,
            self.dropout if self.training else 0.0,
            self.proj_size,
            self._flat_weights,
        )


class RNN(RNNBase):
    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        nonlinearity="tanh",
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        device=None,
        dtype=None,
    ):
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        self.nonlinearity = nonlinearity
        super().__init__(
            f"RNN_{nonlinearity.upper()}",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
        )


class LSTM(RNNBase):
    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        proj_size=0,
        device=None,
        dtype=None,
    ):
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size
        )


class GRU(RNNBase):
    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        device=None,
        dtype=None,
    ):
        super().__init__("GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)
