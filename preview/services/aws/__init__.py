"""AWS API on this machine: moto's services, IAM policies, and recorded calls."""
