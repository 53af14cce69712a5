# Says which engine the environment leads to: from_env() takes everything from there.
import docker

print(docker.from_env().version()["Version"])
