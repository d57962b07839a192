"""A table of rows as the body of an encoder: a text is the sum of its rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from knowledge.training.features import Bags


class Table(torch.nn.Module):
    """One row for each n-gram or piece; a text is the sum of its rows."""

    def __init__(self, rows: int, dimension: int) -> None:
        super().__init__()
        self._rows = torch.nn.EmbeddingBag(rows, dimension, mode="sum", sparse=True)
        torch.nn.init.normal_(self._rows.weight, std=0.05)

    @property
    def weight(self) -> npt.NDArray[np.float32]:
        """[rows, dimension]."""
        weight: npt.NDArray[np.float32] = self._rows.weight.detach().cpu().numpy()
        return weight

    def forward(self, bags: Bags) -> torch.Tensor:
        """[bags, dimension]."""
        device = self._rows.weight.device
        ids = torch.from_numpy(bags.ids.astype(np.int64)).to(device)
        sums: torch.Tensor = self._rows(ids, torch.from_numpy(bags.starts[:-1]).to(device))
        return sums

    def optimiser(self, rate: float) -> torch.optim.Optimizer:
        """Touches only the rows that a batch has."""
        return torch.optim.SparseAdam(list(self.parameters()), lr=rate)
