// Stands in for Jenkins, for one purpose: runs the steps of a declarative Jenkinsfile in their order, with the compiler
// that Jenkins has. It knows the steps that our Jenkinsfile uses, and refuses any other by not having it.
//
//   groovy jenkins.groovy JENKINSFILE WORKSPACE CREDENTIALS approve|reject
//
// CREDENTIALS is a folder of secret files, named by their ids.
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import org.codehaus.groovy.control.CompilerConfiguration

class EnvironmentBlock {
  private final Map values
  EnvironmentBlock(Map values) { this.@values = values }
  Object getProperty(String name) { name == 'env' ? this.@values : this.@values[name] }
  void setProperty(String name, Object value) { this.@values[name] = value.toString() }
}

abstract class Jenkins extends Script {
  final any = 'any', none = 'none'
  static Map env
  static File workspace, credentials, stashes
  static boolean approved

  def pipeline(Closure body) { body() }
  def agent(where) {}
  def options(Closure body) { body() }
  def disableConcurrentBuilds() {}
  def timeout(Map limit) {}
  def stages(Closure body) { body() }
  def steps(Closure body) { body() }

  def environment(Closure body) {
    body.delegate = new EnvironmentBlock(Jenkins.env)
    body.resolveStrategy = Closure.DELEGATE_ONLY
    body()
  }

  def stage(String name, Closure body) {
    println "[stage] $name"
    body()
  }

  def sh(String command) {
    def process = new ProcessBuilder('sh', '-xe', '-c', command).directory(workspace).redirectErrorStream(true)
    process.environment().clear()
    process.environment().putAll((Map) Jenkins.env)
    def running = process.start()
    running.inputStream.eachLine { println it }
    if (running.waitFor() != 0) throw new IllegalStateException("script returned exit code ${running.exitValue()}")
  }

  Map file(Map binding) { binding }

  def withCredentials(List bindings, Closure body) {
    def folder = Files.createTempDirectory(workspace.parentFile.toPath(), 'secretFiles')
    def bound = bindings.collectEntries { binding ->
      def secret = new File(credentials, binding.credentialsId)
      if (!secret.file) throw new IllegalStateException("Could not find credentials entry with ID '${binding.credentialsId}'")
      def copy = folder.resolve(secret.name)
      Files.copy(secret.toPath(), copy)
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString('r--------'))
      [binding.variable, copy.toString()]
    }
    try {
      during(bound, body)
    } finally {
      folder.toFile().deleteDir()
    }
  }

  def withEnv(List pairs, Closure body) {
    during(pairs.collectEntries { it.toString().split('=', 2) as List }, body)
  }

  private during(Map more, Closure body) {
    def before = new HashMap(Jenkins.env)
    Jenkins.env.putAll((Map) more)
    try {
      body()
    } finally {
      Jenkins.env.clear()
      Jenkins.env.putAll((Map) before)
    }
  }

  def input(Map question) {
    println "[input] ${question.message} (${question.ok})"
    if (!approved) throw new IllegalStateException('Rejected')
  }

  def stash(Map what) {
    def copy = new File(stashes, what.name)
    copy.mkdirs()
    def file = new File(workspace, what.includes)
    if (!file.file) throw new IllegalStateException("No files included in stash '${what.name}'")
    Files.copy(file.toPath(), new File(copy, what.includes.replace('/', '%')).toPath())
    // The next agent has a workspace of its own.
    file.delete()
  }

  def unstash(String name) {
    new File(stashes, name).eachFile { Files.copy(it.toPath(), new File(workspace, it.name.replace('%', '/')).toPath()) }
  }
}

def (jenkinsfile, workspace, credentials, answer) = args as List
Jenkins.env = new HashMap(System.getenv())
Jenkins.workspace = new File(workspace).absoluteFile
Jenkins.credentials = new File(credentials)
Jenkins.stashes = Files.createTempDirectory(Jenkins.workspace.parentFile.toPath(), 'stashes').toFile()
Jenkins.approved = answer == 'approve'
try {
  def base = new CompilerConfiguration(scriptBaseClass: 'Jenkins')
  new GroovyShell(getClass().classLoader, new Binding(env: Jenkins.env), base).parse(new File(jenkinsfile)).run()
  println '[finished] SUCCESS'
} catch (IllegalStateException failure) {
  println "ERROR: ${failure.message}\n[finished] FAILURE"
  System.exit(1)
} finally {
  Jenkins.stashes.deleteDir()
}
