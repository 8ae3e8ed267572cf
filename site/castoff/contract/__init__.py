"""What passes between generator, publisher and services: frozen values and their JSON; standard library only."""
