"""What runs behind API Gateway: ShipCaptainCrew and the dashboard."""
