// Each plugin's version once, for the modules that apply it. That of Kotlin is the one that the Android plugin takes, too.
plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.compose) apply false
}
