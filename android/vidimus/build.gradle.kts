import javax.inject.Inject

// The Kotlin package for phones: the sources of bindings/kotlin unchanged, and the Rust library for
// a phone's processors.
plugins {
    alias(libs.plugins.android.library)
}

/**
 * Makes the Rust library for each of a phone's processors. Needs cargo-ndk and the Rust targets.
 */
abstract class CargoNdk
    @Inject
    constructor(
        private val processes: ExecOperations,
    ) : DefaultTask() {
        @get:Internal
        abstract val repository: DirectoryProperty

        @get:Internal
        abstract val ndk: DirectoryProperty

        @get:Input
        abstract val processors: ListProperty<String>

        @get:Input
        abstract val oldest: Property<Int>

        @get:OutputDirectory
        abstract val libraries: DirectoryProperty

        init {
            // Cargo knows better what has changed.
            outputs.upToDateWhen { false }
        }

        @TaskAction
        fun build() {
            processes.exec {
                workingDir = repository.get().asFile
                // By itself cargo-ndk takes the newest NDK that it finds.
                environment("ANDROID_NDK_HOME", ndk.get().asFile)
                commandLine = listOf("cargo", "ndk")
                args(processors.get().flatMap { listOf("--target", it) })
                args("--platform", oldest.get(), "--output-dir", libraries.get().asFile)
                // The profile keeps symbols, which the Android plugin strips.
                args("build", "--locked", "--package", "vidimus-ffi", "--profile", "ffi")
            }
        }
    }

val repository = rootProject.layout.projectDirectory.dir("..")

val cargoNdk =
    tasks.register<CargoNdk>("cargoNdk") {
        this.repository = repository
        ndk = androidComponents.sdkComponents.ndkDirectory
        processors = listOf("arm64-v8a", "armeabi-v7a", "x86_64")
        oldest = libs.versions.sdk.min.get().toInt()
    }

/** Generates the Kotlin side of the library, from one for this machine: they are the same. */
val generateBindings =
    tasks.register<Exec>("generateBindings") {
        workingDir = repository.asFile
        commandLine("cargo", "xtask", "bindings", "ship")
    }

android {
    namespace = "org.vidimus"
    compileSdk = libs.versions.sdk.compile.get().toInt()
    compileSdkMinor = 0
    // What links the library strips it, too.
    ndkVersion = libs.versions.ndk.get()

    defaultConfig {
        minSdk = libs.versions.sdk.min.get().toInt()
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    lint {
        lintConfig = file("lint.xml")
    }

    sourceSets.named("main") {
        kotlin.directories += repository.dir("bindings/kotlin/generated/ship").asFile.path
        kotlin.directories += repository.dir("bindings/kotlin/vidimus/src/main/kotlin").asFile.path
        // The driver's app: the flavor `ship` has it.
        kotlin.directories += repository.dir("bindings/kotlin/vidimus/src/app/kotlin").asFile.path
    }
}

androidComponents {
    onVariants { variant ->
        variant.sources.jniLibs?.addGeneratedSourceDirectory(cargoNdk, CargoNdk::libraries)
    }
}

tasks.named("preBuild") {
    dependsOn(generateBindings)
}

dependencies {
    api(libs.coroutines.core)
    // The aar has JNA's own native part for phones.
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
