"""What can be said of an emitted template alone: references, quotas, cost, commands, summary."""
