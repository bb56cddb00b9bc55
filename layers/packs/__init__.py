"""Country packs: data only, one folder a country."""
