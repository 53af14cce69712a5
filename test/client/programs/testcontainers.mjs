// Runs a command in a container of an image that the engine has, and says what it printed.
import { GenericContainer } from 'testcontainers';

const [image, ...command] = process.argv.slice(2);
const container = await new GenericContainer(image)
  .withNetworkMode('none')
  .withCommand(['sleep', '60'])
  .start();
const { output } = await container.exec(command);
await container.stop();
process.stdout.write(output);
