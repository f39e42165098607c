"""CloudFormation template analysis: references, quotas, cost, commands, summary."""
