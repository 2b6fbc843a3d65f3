// What a wallet needs of a phone. Its tests run by Maven (`cargo xtask phones`): they need exports
// of the Rust library that no app has.
plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "org.vidimus.android"
    compileSdk = libs.versions.sdk.compile.get().toInt()
    compileSdkMinor = 0

    defaultConfig {
        minSdk = libs.versions.sdk.min.get().toInt()
        consumerProguardFiles("consumer-rules.pro")
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

kotlin {
    explicitApi()
    compilerOptions {
        allWarningsAsErrors = true
    }
}

dependencies {
    api(project(":vidimus"))
    api(libs.work.runtime)
    implementation(libs.coroutines.android)
}
