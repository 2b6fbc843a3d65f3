package org.vidimus

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.vidimus.support.Environment
import java.time.ZoneOffset
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Instant

/** The shared vectors, judged through Kotlin: the same verdict as in Rust, case by case. */
class VectorsTest {
    private val index = Json.parseToJsonElement(Environment.vectors.resolve("index.json").readText()).jsonObject
    private val cases = index.getValue("verdicts").jsonArray.map { it.jsonObject }
    private val licenses =
        index.getValue("licenses").jsonArray.associate { it.jsonObject.text("name") to it.jsonObject.getValue("fields") }

    @TestFactory
    fun `every verdict is the one of the index`(): List<DynamicTest> =
        cases.map { case ->
            DynamicTest.dynamicTest(case.text("name")) {
                assertEquals(expected(case), json(judge(case)), case.text("why"))
            }
        }

    @Test
    fun `every reason has a case under its stable name`() {
        val seen = cases.flatMap { it.getValue("expect").jsonObject.getValue("reasons").jsonArray }
        assertEquals(seen.map { it.jsonPrimitive.content }.toSet(), Reason.entries.map { it.code }.toSet())
    }

    @TestFactory
    fun `every face is given or not as the index says`(): List<DynamicTest> =
        index
            .getValue("objects")
            .jsonArray
            .map { it.jsonObject }
            .filter { it.text("name").startsWith("faces/") }
            .map { face ->
                DynamicTest.dynamicTest(face.text("name")) { assertEquals(face["holds"], collected(face), face.text("why")) }
            }

    /** What a verifier that took every line of a file gives to the usual license. */
    private fun collected(face: JsonObject): JsonElement =
        Verifier(read("root.cose")).use { verifier ->
            verifier.setTrustList(read("trust/current.cbor"))
            val usual = read("tokens/one-way-ed25519.txt").decodeToString()
            val verdict = verifier.check(usual, now = Instant.fromEpochSeconds(1_795_000_000))
            val faces = FaceCollector()
            val lines = read(face.text("file")).decodeToString().split('\n')
            val whole = lines.mapNotNull(faces::take).filter { it.read == it.count }
            val jpeg = faces.face(verdict) ?: return@use JsonNull
            buildJsonObject {
                put("frames", whole.maxOf(FaceProgress::count))
                put("jpeg", PICTURE.takeIf { read(it).contentEquals(jpeg) })
            }
        }

    @Test
    fun `a face waits for a verdict whose license is authentic`() =
        Verifier(read("root.cose")).use { verifier ->
            val faces = FaceCollector()
            read("faces/one-frame.txt").decodeToString().let(faces::take)
            val refused = verifier.check(read("tokens/one-way-ed25519.txt").decodeToString())
            assertNull(refused.findings.portraitDigest)
            assertNull(faces.face(refused))
        }

    private fun expected(case: JsonObject): JsonObject {
        val expected = case.getValue("expect").jsonObject
        val license = expected.textOrNull("license")?.let { licenses.getValue(it) } ?: JsonNull
        return JsonObject(expected + ("license" to license))
    }

    private fun judge(case: JsonObject): Verdict =
        Verifier(read("root.cose")).use { verifier ->
            val now = Instant.fromEpochSeconds(case.getValue("now").jsonPrimitive.long)
            case.textOrNull("first_trust")?.let { unlessUntrusted { verifier.setTrustList(read(it)) } }
            case.textOrNull("first_bundle")?.let { unlessUntrusted { verifier.setBundle(read(it)) } }
            unlessUntrusted { verifier.setTrustList(read(case.text("trust"))) }
            case.textOrNull("bundle")?.let { unlessUntrusted { verifier.setBundle(read(it)) } }
            val challenge = (case["challenge"] as? JsonObject)?.let { verifier.asked(it, now) }
            val check = {
                verifier.check(
                    text = read(case.text("text")).decodeToString(throwOnInvalidSequence = true),
                    challenge = challenge,
                    onlineStatus = case.textOrNull("online")?.let(::read),
                    category = case.textOrNull("category"),
                    now = now,
                )
            }
            if (case.getValue("seen_before").jsonPrimitive.boolean) check()
            check()
        }

    private fun Verifier.asked(
        challenge: JsonObject,
        now: Instant,
    ): Challenge {
        val nonce = challenge.text("cnonce").hexToByteArray()
        val reader = challenge.text("reader").takeIf { nonce.size == 16 }
        val ago = challenge.getValue("asked_ago_s").jsonPrimitive.int
        return core.call { it.askWith(reader, nonce, now, ago) }
    }

    /** In the shape of `vidimus verify --json`. */
    private fun json(verdict: Verdict): JsonObject =
        buildJsonObject {
            val findings = verdict.findings
            put("verdict", checkNotNull(verdict::class.simpleName).lowercase())
            putJsonArray("reasons") { findings.reasons.forEach { add(JsonPrimitive(it.code)) } }
            put("license", verdict.license?.let(::json) ?: JsonNull)
            put(
                "status",
                buildJsonObject {
                    put("state", findings.status.state.name.lowercase())
                    put("as_of", findings.status.asOf?.epochSeconds)
                    put("age_s", findings.status.age?.inWholeSeconds)
                    put("source", findings.status.source.name.lowercase())
                },
            )
            val token =
                findings.token?.let {
                    buildJsonObject {
                        put("iat", it.issuedAt.epochSeconds)
                        put("exp", it.expiresAt.epochSeconds)
                        put("challenged", it.challenged)
                    }
                }
            put("token", token ?: JsonNull)
        }

    private fun json(license: License): JsonElement =
        buildJsonObject {
            put("family_name", license.familyName)
            put("given_names", license.givenNames)
            put("birth_date", license.birthDate.iso)
            put("license_number", license.licenseNumber)
            put("issue_date", "${license.issueDate}")
            put("expiry_date", license.expiryDate?.toString())
            put("issuing_country", license.issuingCountry)
            putJsonArray("categories") { license.categories.forEach { add(json(it)) } }
            if (license.utcOffset != ZoneOffset.UTC) put("utc_offset", "${license.utcOffset}")
        }

    private fun json(category: Category): JsonElement =
        buildJsonObject {
            put("code", category.code)
            put("from", category.validFrom?.toString())
            put("until", category.validUntil?.toString())
            if (category.restrictions.isEmpty()) return@buildJsonObject
            putJsonArray("restrictions") { category.restrictions.forEach { add(JsonPrimitive(it)) } }
        }

    /** A trust list or a bundle that is refused is what some cases are about. */
    private fun unlessUntrusted(call: () -> Unit) =
        try {
            call()
        } catch (_: WalletException.Untrusted) {
            Unit
        }

    private fun read(path: String): ByteArray = Environment.vectors.resolve(path).readBytes()

    private fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

    private companion object {
        const val PICTURE = "faces/usual.jpg"
    }

    private fun JsonObject.textOrNull(name: String): String? = text(name).takeUnless { get(name) is JsonNull }
}
