import java.util.Properties

// Each plugin's version once, for the modules that apply it. That of Kotlin is the one that the
// Android plugin takes, too.
plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.compose) apply false
}

// `gradle wrapper` of any Gradle makes the wrapper of the one that is named there, with its
// checksum.
tasks.named<Wrapper>("wrapper") {
    val named = Properties().apply { file("gradle/wrapper/gradle-wrapper.properties").inputStream().use(::load) }
    distributionUrl = named.getProperty("distributionUrl")
    distributionSha256Sum = named.getProperty("distributionSha256Sum")
}
