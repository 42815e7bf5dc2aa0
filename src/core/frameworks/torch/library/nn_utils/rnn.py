"""
Packed sequences. The padded tensor that a sequence was packed from is kept, so that shapes stay known: a packed batch
is treated as if all its sequences had full length.
"""

import torch


class PackedSequence:
    """`_padded` is (time, batch, features)."""

    def __init__(self, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None, _padded=None, _lengths=None):
        self._data = data
        self.batch_sizes = batch_sizes
        self.sorted_indices = sorted_indices
        self.unsorted_indices = unsorted_indices
        self._padded = data.unsqueeze(1) if _padded is None else _padded
        self._lengths = _lengths

    @property
    def data(self):
        if self._data is None:
            self._data = self._padded.flatten(0, 1)
        return self._data

    def _with(self, padded):
        return PackedSequence(None, self.batch_sizes, self.sorted_indices, self.unsorted_indices, padded, self._lengths)

    def __getitem__(self, i):
        return (self.data, self.batch_sizes, self.sorted_indices, self.unsorted_indices)[i]

    def __iter__(self):
        return iter((self.data, self.batch_sizes, self.sorted_indices, self.unsorted_indices))

    def __len__(self):
        return 4

    def to(self, *args, **kwargs):
        return self

    def cuda(self, *args, **kwargs):
        return self

    def cpu(self, *args, **kwargs):
        return self

    def float(self):
        return self

    def pin_memory(self):
        return self

    @property
    def is_cuda(self):
        return False


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    padded = input.transpose(0, 1) if batch_first else input
    sizes = torch.full((padded.size(0),), padded.size(1))
    return PackedSequence(None, sizes, None, None, padded, lengths)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    padded = sequence._padded
    lengths = sequence._lengths
    if lengths is None:
        lengths = torch.full((padded.size(1),), padded.size(0))
    elif not isinstance(lengths, torch.Tensor):
        lengths = torch.as_tensor(lengths)
    return padded.transpose(0, 1) if batch_first else padded, lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    sequences = list(sequences)
    longest = max([s.size(0) for s in sequences])
    padded = []
    for s in sequences:
        missing = longest - s.size(0)
        if missing:
            amounts = (0, missing) if padding_side == "right" else (missing, 0)
            s = torch.nn.functional.pad(s, (0, 0) * (s.dim() - 1) + amounts, value=padding_value)
        padded.append(s)
    return torch.stack(padded, 0 if batch_first else 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    padded = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [sequence[:length] for sequence, length in zip(padded, lengths)]


def pack_sequence(sequences, enforce_sorted=True):
    lengths = torch.as_tensor([s.size(0) for s in sequences])
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
