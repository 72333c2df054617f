#include "sha256.hpp"

#include <catch2/catch.hpp>
#include <span>
#include <string>

namespace {

std::string hash(const std::string& text) {
    return crm::detail::sha256_hex(std::as_bytes(std::span(text)));
}

}  // namespace

// FIPS 180-4's examples and NIST CAVP's short messages.
TEST_CASE("SHA-256 agrees with the published vectors") {
    CHECK(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(
        hash(
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
            "mnopqrstnopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    CHECK(hash("\xd3") == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
    CHECK(hash(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 gives the same digest however the data is cut") {
    std::string text;
    for (int i = 0; i < 300; ++i) text.push_back(static_cast<char>(i * 7));
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto bytes = std::as_bytes(std::span(text)).first(length);
        crm::detail::Sha256 pieces;
        for (std::size_t at = 0; at < length; at += 13)
            pieces.update(bytes.subspan(at, std::min<std::size_t>(13, length - at)));
        REQUIRE(pieces.hex_digest() == crm::detail::sha256_hex(bytes));
    }
}
