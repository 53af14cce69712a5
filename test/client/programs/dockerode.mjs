// Says which engine the environment leads to: new Docker() takes everything from there.
import Docker from 'dockerode';

const { Version } = await new Docker().version();
process.stdout.write(`${Version}\n`);
