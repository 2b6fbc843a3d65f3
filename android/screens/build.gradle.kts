// What a driver sees, drawn from states alone. Its tests run by Maven on a desktop (`cargo xtask
// test`): pictures and layouts.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "org.vidimus.screens"
    compileSdk = libs.versions.sdk.compile.get().toInt()
    compileSdkMinor = 0

    defaultConfig {
        minSdk = libs.versions.sdk.min.get().toInt()
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

androidComponents {
    beforeVariants { variant ->
        variant.hostTests.values.forEach { it.enable = false }
    }
}

composeCompiler {
    stabilityConfigurationFiles.add(project.layout.projectDirectory.file("stability.conf"))
}

kotlin {
    explicitApi()
    compilerOptions {
        allWarningsAsErrors = true
    }
}

dependencies {
    api(project(":shell"))
    api(libs.compose.ui)
    implementation(libs.compose.foundation)
}
