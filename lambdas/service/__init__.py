"""What the services behind API Gateway share: keys, refusals, intake, instants, table access, the serial's fence."""
