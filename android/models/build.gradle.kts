// What a driver's app does, without its pictures. Plain Kotlin; a library for Android here because `:vidimus` is one. Its tests run
// by Maven on a desktop, over the real core (`cargo xtask phones`).
plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "org.vidimus.models"
    compileSdk = libs.versions.sdk.compile.get().toInt()

    defaultConfig {
        minSdk = libs.versions.sdk.min.get().toInt()
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets.named("main") {
        // Made from texts/texts.tsv by `cargo xtask texts`.
        kotlin.directories += "generated"
    }
}

androidComponents {
    beforeVariants { variant ->
        variant.hostTests.values.forEach { it.enable = false }
    }
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
