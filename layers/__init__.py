"""layers: what data there is."""
