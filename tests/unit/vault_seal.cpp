#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "store_fixture.hpp"
#include "vault/vault.hpp"

using namespace metakocka::vault;
using metakocka::store::test::TestWrapper;

namespace {

VaultProblem problem_of(const Vault& vault, const std::string& table, const std::string& row,
                        const std::string& sealed) {
    try {
        vault.open(table, row, sealed);
    } catch (const VaultError& error) {
        return error.problem();
    }
    FAIL("it opened");
    return VaultProblem::kCrypto;
}

}  // namespace

TEST_CASE("sealed text opens again, whatever its bytes", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const Vault vault("acme", keys, wrapper);
    for (const std::string& text : {std::string(), std::string("a"), std::string("\0\xFF\0", 3),
                                    std::string("Žiga Čuk d.o.o."), std::string(1'000'000, 'x')}) {
        CHECK(vault.open("base", "1", vault.seal("base", "1", text)) == text);
    }
}

TEST_CASE("sealing the same text twice gives unrelated bytes", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const Vault vault("acme", keys, wrapper);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(vault.seal("base", "1", "same"));
    CHECK(seen.size() == 1000);
    CHECK(vault.seal("base", "1", "a known value").find("known") == std::string::npos);
}

TEST_CASE("a change of any byte, and every cut, is noticed", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const Vault vault("acme", keys, wrapper);
    const std::string sealed = vault.seal("base", "1", "12 bytes ...");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        // A changed key id names a key that is not there.
        const auto expected = i == 1 || i == 2 ? VaultProblem::kMissingKey : VaultProblem::kTampered;
        CHECK(problem_of(vault, "base", "1", changed) == expected);
        CHECK(problem_of(vault, "base", "1", sealed.substr(0, i)) == VaultProblem::kTampered);
    }
    CHECK(problem_of(vault, "base", "1", sealed + "x") == VaultProblem::kTampered);
    // Failures leave nothing behind.
    CHECK(vault.open("base", "1", sealed) == "12 bytes ...");
}

TEST_CASE("sealed text opens only in its instance, table and row", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const Vault vault("acme", keys, wrapper);
    const std::string sealed = vault.seal("ab", "c", "text");
    CHECK(problem_of(vault, "a", "bc", sealed) == VaultProblem::kTampered);
    CHECK(problem_of(vault, "abc", "", sealed) == VaultProblem::kTampered);
    CHECK(problem_of(vault, "ab", "d", sealed) == VaultProblem::kTampered);
    // Another instance can't even use the key.
    CHECK_THROWS_AS(Vault("other", keys, wrapper), VaultError);
}

TEST_CASE("a wrong master key is a clear refusal", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};

    SECTION("noticed by the host") {
        TestWrapper other(0x11);
        CHECK_THROWS_WITH(Vault("acme", keys, other), "another master key");
    }
    SECTION("not noticed by the host") {
        TestWrapper careless(0x11, false);
        try {
            const Vault vault("acme", keys, careless);
            FAIL("it opened");
        } catch (const VaultError& error) {
            CHECK(error.problem() == VaultProblem::kWrongKey);
            CHECK(std::string(error.what()).find("master key") != std::string::npos);
        }
    }
    SECTION("no key at all") {
        CHECK_THROWS_AS(Vault("acme", {}, wrapper), VaultError);
    }
}

TEST_CASE("a newer data key seals, the older ones still open, hashes stay", "[vault]") {
    TestWrapper wrapper;
    std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const Vault before("acme", keys, wrapper);
    const std::string old_seal = before.seal("base", "1", "old");

    keys.push_back(Vault::make_key("acme", 2, wrapper));
    const Vault after("acme", keys, wrapper);
    CHECK(after.current_key() == 2);
    CHECK(after.open("base", "1", old_seal) == "old");
    const std::string new_seal = after.seal("base", "1", "new");
    CHECK(key_of(new_seal) == 2);
    CHECK(problem_of(before, "base", "1", new_seal) == VaultProblem::kMissingKey);
    CHECK(after.keyed_hash("p", "text") == before.keyed_hash("p", "text"));
    const auto a = before.fingerprint_key();
    const auto b = after.fingerprint_key();
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_CASE("keyed hashes depend on key, purpose and text", "[vault]") {
    TestWrapper wrapper;
    const std::vector keys{Vault::make_key("acme", 1, wrapper)};
    const std::vector other_keys{Vault::make_key("acme", 1, wrapper)};
    const Vault vault("acme", keys, wrapper);
    const Vault other("acme", other_keys, wrapper);
    CHECK(vault.keyed_hash("p", "text") == vault.keyed_hash("p", "text"));
    CHECK(vault.keyed_hash("p", "text") != vault.keyed_hash("q", "text"));
    CHECK(vault.keyed_hash("p", "text") != vault.keyed_hash("p", "texts"));
    CHECK(vault.keyed_hash("p", "text") != other.keyed_hash("p", "text"));
}

TEST_CASE("wipe empties a text and overwrites its memory", "[vault]") {
    std::string text(100, 's');
    const char* memory = text.data();
    wipe(text);
    CHECK(text.empty());
    CHECK(memory[1] != 's');
}
