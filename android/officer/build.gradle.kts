// The officer's app. `-Pvidimus.authority=FOLDER` says whose: see ../app/README.md.
plugins {
    alias(libs.plugins.android.application)
}

val authority = providers.gradleProperty("vidimus.authority")

android {
    namespace = "org.vidimus.officer"
    compileSdk = libs.versions.sdk.compile.get().toInt()
    compileSdkMinor = 0

    defaultConfig {
        applicationId = "org.vidimus.officer"
        minSdk = libs.versions.sdk.min.get().toInt()
        targetSdk = libs.versions.sdk.target.get().toInt()
        versionCode = 1
        versionName = "0.1.0"
    }

    androidResources {
        localeFilters += listOf("en", "zh", "ar", "bn", "es")
    }

    sourceSets["main"].res.srcDir(authority.getOrElse("../app/authority/development"))

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "../app/proguard-rules.pro")
        }
    }

    splits {
        abi {
            // A bundle is split by the store; with APKs split as well, its resources cannot be
            // shrunk.
            isEnable = gradle.startParameter.taskNames.none { "bundle" in it.lowercase() }
            reset()
            include("arm64-v8a", "armeabi-v7a", "x86_64")
            isUniversalApk = false
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

androidComponents {
    // What officers get is somebody's: without an authority there is no release.
    beforeVariants(selector().withBuildType("release")) { it.enable = authority.isPresent }
    // The tests run by Maven (`cargo xtask phones`).
    beforeVariants { variant ->
        variant.hostTests.values.forEach { it.enable = false }
    }
}

kotlin {
    compilerOptions {
        allWarningsAsErrors = true
    }
}

dependencies {
    implementation(project(":reader"))
}
