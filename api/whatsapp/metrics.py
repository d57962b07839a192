"""What is counted about WhatsApp: kinds and codes, never words or numbers of people."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

RECEIVED = Counter("kaart_whatsapp_received_total", "Messages that came in", ["kind"])
REPEATED = Counter("kaart_whatsapp_repeated_total", "Messages that came in again")
UNREADABLE = Counter("kaart_whatsapp_unreadable_total", "Signed calls that are no webhook of a known shape")
SET_ASIDE = Counter("kaart_whatsapp_set_aside_total", "Messages that could not be handled after many attempts")
SENT = Counter("kaart_whatsapp_sent_total", "Messages that WhatsApp accepted")
FAILED = Counter("kaart_whatsapp_failed_total", "Messages that were not delivered, by code", ["code"])
HALTED = Gauge("kaart_whatsapp_halted", "1 while nothing is sent because an operator must act")
