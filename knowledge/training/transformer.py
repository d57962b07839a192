"""The shape with attention: a small transformer that begins with the pieces and rows of a trained table of pieces."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, StaticEmbedding, Transformer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from knowledge.training.features import Bags

LAYERS, HEADS, WIDER = 2, 4, 2
LONGEST = 128
"""Pieces of a text that are looked at."""
_LUMPS = 8
_FIRST, _PAD = "<s>", "<pad>"


class Attention(torch.nn.Module):
    """Every piece of a text looks at the others; the text is their mean."""

    def __init__(self, begin: Path) -> None:
        """`begin`: folder of a table of pieces that `python -m knowledge.training --shape pieces` wrote."""
        super().__init__()
        trained = cast(StaticEmbedding, SentenceTransformer(str(begin), device="cpu", local_files_only=True)[0])
        self.tokenizer = trained.tokenizer
        rows = trained.embedding.weight.detach()
        self.pieces, dimension = int(rows.shape[0]), int(rows.shape[1])
        self._first, self._pad = self.pieces, self.pieces + 1
        config = BertConfig(
            vocab_size=self.pieces + 2,
            hidden_size=dimension,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=WIDER * dimension,
            max_position_embeddings=LONGEST,
            pad_token_id=self._pad,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.body = BertModel(config, add_pooling_layer=False)
        with torch.no_grad():
            self.body.embeddings.word_embeddings.weight[: self.pieces] = rows

    def forward(self, bags: Bags) -> torch.Tensor:
        """[bags, dimension]. Texts of one length go together: less of the work is for padding."""
        order = np.argsort(np.diff(bags.starts), kind="stable")
        means = torch.cat([self._means(bags.take(some)) for some in np.array_split(order, _LUMPS) if len(some)])
        return means[torch.from_numpy(np.argsort(order)).to(means.device)]

    def _means(self, bags: Bags) -> torch.Tensor:
        """[bags, dimension]. A mark comes first: no text is empty."""
        lengths = np.minimum(np.diff(bags.starts), LONGEST - 1)
        places = np.arange(int(lengths.max(initial=0)))
        known = places < lengths[:, None]
        ids = np.full((len(lengths), 1 + len(places)), self._first, dtype=np.int64)
        ids[:, 1:][~known] = self._pad
        ids[:, 1:][known] = bags.ids[(bags.starts[:-1, None] + places)[known]]
        device = self.body.device
        seen = torch.from_numpy(ids != self._pad).to(device)
        hidden = self.body(torch.from_numpy(ids).to(device), attention_mask=seen.long()).last_hidden_state
        mean: torch.Tensor = (hidden * seen[:, :, None]).sum(dim=1) / seen.sum(dim=1, keepdim=True)
        return mean

    def optimiser(self, rate: float) -> torch.optim.Optimizer:
        """Learns all weights."""
        return torch.optim.AdamW(self.parameters(), lr=rate)

    def write(self, folder: Path) -> None:
        """Write a folder that `SentenceTransformer(folder)` loads with the library's own modules alone."""
        inner = folder / "0_Transformer"
        self.body.save_pretrained(inner)
        self.tokenizer.add_special_tokens([_FIRST, _PAD])
        self.tokenizer.post_processor = TemplateProcessing(single=f"{_FIRST} $A", special_tokens=[(_FIRST, self._first)])
        tokens = PreTrainedTokenizerFast(tokenizer_object=self.tokenizer, pad_token=_PAD, model_max_length=LONGEST)  # type: ignore[no-untyped-call]
        tokens.save_pretrained(inner)
        pooling = Pooling(self.body.config.hidden_size, pooling_mode="mean")
        SentenceTransformer(modules=[Transformer(str(inner)), pooling, Normalize()], device="cpu").save(str(folder))
