// A root of its own, made of all that this machine's has, and the places where the image expects folders of the host.
const OWN_ROOT = `
work=$1; shift
mount -t tmpfs -o mode=755 tmpfs /mnt
for each in /*; do
  case $each in
    /mnt) ;;
    *) if [ -d "$each" ] && [ ! -L "$each" ]; then mkdir "/mnt$each"; mount --rbind "$each" "/mnt$each"; else cp -a "$each" /mnt; fi ;;
  esac
done
mkdir -p /mnt/certs /mnt/docker /mnt/mnt
`;

/** Words before a program that has it run where a script has mounted what it likes, seen by nobody else. */
export function withMounts(work: string, mounts: string): readonly string[] {
  const inRoot = `work=$1; shift; ${mounts}\nexec "$@"`;
  const script = `${OWN_ROOT}exec chroot /mnt sh -ec '${inRoot.replaceAll("'", String.raw`'\''`)}' sh "$work" "$@"`;
  return ['unshare', '--mount', 'sh', '-ec', script, 'sh', work];
}
