// Hands on what the core of the driver's app says, and asks the phone. Plain Kotlin; a library for
// Android here because `:vidimus` is one. Its tests run by Maven on a desktop, over the real core
// (`cargo xtask phones`).
plugins {
    alias(libs.plugins.android.library)
}

/**
 * Makes the words of the screens from texts/texts.tsv. Files that would be the same are not
 * written.
 */
val generateWords =
    tasks.register<Exec>("generateWords") {
        workingDir = rootProject.layout.projectDirectory.dir("..").asFile
        commandLine("cargo", "xtask", "texts")
    }

android {
    namespace = "org.vidimus.shell"
    compileSdk = libs.versions.sdk.compile.get().toInt()
    compileSdkMinor = 0

    defaultConfig {
        minSdk = libs.versions.sdk.min.get().toInt()
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets.named("main") {
        kotlin.directories += "generated"
    }
}

androidComponents {
    beforeVariants { variant ->
        variant.hostTests.values.forEach { it.enable = false }
    }
}

tasks.named("preBuild") {
    dependsOn(generateWords)
}

kotlin {
    explicitApi()
    compilerOptions {
        allWarningsAsErrors = true
    }
}

dependencies {
    api(project(":vidimus"))
    api(libs.coroutines.core)
}
