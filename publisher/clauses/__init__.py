"""The contract with ShipCaptainCrew and dashboard, clause by clause, tried against whoever claims to keep it."""
