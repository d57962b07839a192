"""The bridge to WhatsApp (Cloud API)."""
