"""Publishing the kaart: every change is checked, measured, swapped in, recorded, and can be taken back."""
