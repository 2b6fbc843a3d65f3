// The window in which licenses are checked, for an officer's app and the driver's, and what both
// apps need of a phone besides. Its tests run by Maven (`cargo xtask phones`).
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "org.vidimus.reader"
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

kotlin {
    explicitApi()
    compilerOptions {
        allWarningsAsErrors = true
    }
}

dependencies {
    api(project(":shell"))
    api(project(":screens"))
    api(project(":wallet"))
    api(libs.activity.compose)
    implementation(libs.compose.foundation)
    implementation(libs.coroutines.android)
    implementation(libs.lifecycle.runtime.compose)
    implementation(libs.lifecycle.viewmodel)
    implementation(libs.zxing.core)
}
