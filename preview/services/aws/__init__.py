"""AWS on this machine: moto's services, who may call them, and what was called."""
