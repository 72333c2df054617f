#include "crypto.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <span>
#include <string>

#include "base64.hpp"
#include "crm/error.hpp"
#include "crm/publisher.hpp"
#include "signature.hpp"

namespace {

using namespace crm::detail;

std::string hash(const std::string& text) {
    return sha256_hex(std::as_bytes(std::span(text)));
}

int digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

template <std::size_t Size>
std::array<std::byte, Size> bytes(const std::string& hex) {
    std::array<std::byte, Size> out{};
    for (std::size_t i = 0; i < Size; ++i) {
        out[i] = static_cast<std::byte>(digit(hex.at(2 * i)) * 16 + digit(hex.at(2 * i + 1)));
    }
    return out;
}

std::string text_of(const std::string& hex) {
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        out.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
    return out;
}

}  // namespace

// FIPS 180-4's examples and NIST CAVP's short messages.
TEST_CASE("SHA-256 agrees with the published vectors") {
    CHECK(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hash("\xd3") == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
    CHECK(hash(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 8032, section 7.1, tests 1 to 3.
TEST_CASE("Ed25519 agrees with the published vectors, in both directions") {
    struct Vector {
        const char* seed;
        const char* key;
        const char* message;
        const char* signature;
    };
    const Vector vectors[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
         "d25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
         "387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
         "4a7c15e9716ed28dc027beceea1ec40a"},
    };
    for (const Vector& vector : vectors) {
        CAPTURE(vector.seed);
        const auto seed = bytes<32>(vector.seed);
        const auto key = bytes<32>(vector.key);
        const auto signature = bytes<64>(vector.signature);
        const std::string message = text_of(vector.message);
        CHECK(ed25519_public_key(seed) == key);
        CHECK(sign_ed25519(seed, message) == signature);
        CHECK(verify_ed25519(key, signature, message));
        CHECK_FALSE(verify_ed25519(key, signature, message + "x"));
        for (const std::size_t at : {0U, 31U, 32U, 63U}) {
            auto damaged = signature;
            damaged[at] ^= std::byte{1};
            CHECK_FALSE(verify_ed25519(key, damaged, message));
        }
    }
    CHECK_FALSE(verify_ed25519({}, {}, ""));
}

TEST_CASE("keys are new each time, and no signature but theirs fits") {
    const auto seed = new_ed25519_seed();
    CHECK(seed != new_ed25519_seed());
    const auto key = ed25519_public_key(seed);
    CHECK(verify_ed25519(key, sign_ed25519(seed, "text"), "text"));
    std::mt19937 random(7);
    for (std::size_t i = 0; i < 500; ++i) {
        Ed25519Signature signature{};
        // Short numbers at both ends of each half, where a library may trip.
        for (std::size_t at = 0; at < i % 65; ++at) signature[at] = static_cast<std::byte>(random());
        for (std::size_t at = 32; at < 32 + i % 33; ++at) signature[at] = static_cast<std::byte>(random());
        CHECK_FALSE(verify_ed25519(key, signature, "text"));
    }
}

// Under the first two libgcrypt aborts the process; the signature of the neutral point fits under weak keys.
TEST_CASE("weak keys verify nothing, and take nobody down") {
    Ed25519Key minus_one{};
    minus_one.fill(std::byte{0xff});
    minus_one.front() = std::byte{0xec};
    minus_one.back() = std::byte{0x7f};
    Ed25519Key one{};
    one.front() = std::byte{1};
    Ed25519Key not_reduced{};
    not_reduced.fill(std::byte{0xff});
    Ed25519Signature neutral{};
    neutral.front() = std::byte{1};
    const auto order_eight = bytes<32>("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    for (const Ed25519Key& key : {minus_one, one, Ed25519Key{}, not_reduced, order_eight}) {
        CHECK_FALSE(verify_ed25519(key, neutral, "anything"));
        // Nobody is asked to trust one either.
        CHECK_THROWS_WITH(crm::parse_publisher("ed25519 " + base64_encode(key) + " Ana"),
                          Catch::Contains("that only its owner can sign with"));
    }
}

TEST_CASE("base64 agrees with RFC 4648 and refuses every other spelling") {
    const std::pair<const char*, const char*> cases[] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : cases) {
        const auto data = std::as_bytes(std::span(std::string_view(plain)));
        CHECK(base64_encode(data) == coded);
        const auto decoded = base64_decode(coded);
        REQUIRE(decoded);
        CHECK(std::ranges::equal(*decoded, data));
    }
    for (const char* wrong : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9", "=", "====", "Zm9v\n"}) {
        CAPTURE(wrong);
        CHECK_FALSE(base64_decode(wrong));
    }
    CHECK_FALSE(base64_array<32>("Zm9v"));
}

TEST_CASE("what is signed is canonical JSON behind a fixed line") {
    const auto text = [](const char* json) { return signed_text(boost::json::parse(json).as_object()); };
    CHECK(text(R"({"b":[1,{"z":null,"é":true}],"a":"č\n\"\u0001\u007f/\\","signature":{}})") ==
          "crm-connector-manifest/1\n{\"a\":\"č\\n\\\"\\u0001\x7f/\\\\\",\"b\":[1,{\"z\":null,\"é\":true}]}");
    // U+1F600 is written with surrogates in UTF-16 and comes before U+FB33, whose code point is smaller.
    CHECK(text(R"({"\ufb33":1,"\ud83d\ude00":2,"1":3})") ==
          "crm-connector-manifest/1\n{\"1\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
    CHECK(text(R"({"a":9007199254740991})").ends_with("9007199254740991}"));
    for (const char* wrong : {R"({"a":1.5})", R"({"a":1e2})", R"({"a":9007199254740992})",
                              R"({"a":-9007199254740992})", R"({"a":18446744073709551615})"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(text(wrong), crm::Error);
    }
}

TEST_CASE("a publisher is one line, and its key has a fingerprint") {
    const std::string key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const crm::Publisher publisher = crm::parse_publisher("ed25519 " + key + " Ana & sons\n");
    CHECK(publisher.name == "Ana & sons");
    CHECK(publisher.key == key);
    CHECK(crm::parse_publisher(crm::publisher_line(publisher)).key == key);
    CHECK(crm::key_fingerprint(key) == "21fe 31df a154 a261 626b f854 046f d227");
    for (const std::string& wrong :
         {std::string(), "ed25519 " + key, "ed25519 " + key + " ", "rsa " + key + " Ana", key + " Ana",
          std::string("ed25519 Zm9v Ana"), "ed25519 " + key + " A\nB",
          "ed25519 " + key + " " + std::string(201, 'a')}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(crm::parse_publisher(wrong), crm::Error);
    }
}
