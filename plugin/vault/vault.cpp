#include "vault/vault.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "vault/derive.hpp"

namespace metakocka::vault {

namespace {

// A sealed text: version (1 byte), key id (2, high byte first), nonce, ciphertext, tag.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 3;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kOverhead = kHeaderBytes + kNonceBytes + kTagBytes;
constexpr std::size_t kMaxPlaintext = std::numeric_limits<int>::max() - kOverhead;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

// A cipher set up with its key: only nonce and data change from use to use, which is what makes it fast.
struct Cipher {
    std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context;
    std::string bound;  // room for the associated data
    // Random bytes for the next nonces: asking for twelve at a time would cost more than sealing. They would
    // repeat in a forked copy of the process; an open SQLite database rules out forking anyway.
    std::array<std::uint8_t, 64 * kNonceBytes> random{};
    std::size_t random_left = 0;

    void take_nonce(unsigned char* nonce) {
        if (random_left == 0) {
            fill_random(random);
            random_left = random.size();
        }
        random_left -= kNonceBytes;
        std::copy_n(random.data() + random_left, kNonceBytes, nonce);
    }
};

void require(bool done) {
    if (!done) throw VaultError(VaultProblem::kCrypto, "the crypto library failed");
}

[[noreturn]] void tampered() {
    throw VaultError(VaultProblem::kTampered,
                     "stored data can't be opened: it was changed, or belongs to another place");
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void append_number(std::string& out, std::size_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
    }
}

// Lengths keep ("ab", "c") and ("a", "bc") apart.
void append_part(std::string& out, std::string_view part) {
    append_number(out, part.size());
    out.append(part);
}

// Ciphers of one direction under one key, lent to whoever needs one. Threads don't wait for each other.
class Ciphers {
  public:
    Ciphers(const SecretKey& key, bool encrypt) : key_(key), encrypt_(encrypt) {}

    std::unique_ptr<Cipher> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                auto cipher = std::move(idle_.back());
                idle_.pop_back();
                return cipher;
            }
        }
        auto cipher = std::make_unique<Cipher>();
        cipher->context.reset(EVP_CIPHER_CTX_new());
        require(cipher->context != nullptr);
        require(EVP_CipherInit_ex(cipher->context.get(), EVP_aes_256_gcm(), nullptr, key_.view().data(),
                                  nullptr, encrypt_ ? 1 : 0) == 1);
        return cipher;
    }

    // A cipher that failed is not given back.
    void give_back(std::unique_ptr<Cipher> cipher) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(cipher));
    }

  private:
    const SecretKey& key_;
    const bool encrypt_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Cipher>> idle_;
};

struct DataKey {
    SecretKey seal;
    Ciphers encryptors{seal, true};
    Ciphers decryptors{seal, false};
};

Hash check_of(const SecretKey& key, const std::string& instance, KeyId id) {
    SecretKey check;
    derive_key(key.view(), "check", check);
    return keyed_hash(check.view(), "check/" + std::to_string(id), instance);
}

void unwrap_into(const std::string& instance, const WrappedKey& wrapped, KeyWrapper& wrapper,
                 SecretKey& key) {
    std::string plain = wrapper.unwrap(wrapped.wrapped);
    const bool right_size = plain.size() == kKeyBytes;
    if (right_size) std::copy(plain.begin(), plain.end(), key.data());
    wipe(plain);
    const Hash check = check_of(key, instance, wrapped.id);
    if (!right_size || wrapped.check.size() != check.size() ||
        CRYPTO_memcmp(check.data(), wrapped.check.data(), check.size()) != 0) {
        throw VaultError(VaultProblem::kWrongKey,
                         "the master key does not fit this database: its data key can't be unwrapped");
    }
}

}  // namespace

struct Vault::Parts {
    explicit Parts(const std::string& instance) { append_part(bound_prefix, instance); }

    // Sets up nonce and associated data, which binds the text to its place.
    void begin(Cipher& cipher, const unsigned char* header, std::string_view table,
               std::string_view row) const {
        const unsigned char* nonce = header + kHeaderBytes;
        cipher.bound.assign(reinterpret_cast<const char*>(header), kHeaderBytes);
        cipher.bound.append(bound_prefix);
        append_part(cipher.bound, table);
        append_part(cipher.bound, row);
        int length = 0;
        require(EVP_CipherInit_ex(cipher.context.get(), nullptr, nullptr, nullptr, nonce, -1) == 1);
        require(EVP_CipherUpdate(cipher.context.get(), nullptr, &length, bytes_of(cipher.bound),
                                 static_cast<int>(cipher.bound.size())) == 1);
    }

    std::string bound_prefix;
    std::map<KeyId, DataKey> keys;
    SecretKey fingerprint;
    SecretKey lookup;
};

WrappedKey Vault::make_key(const std::string& instance, KeyId id, KeyWrapper& wrapper) {
    SecretKey key;
    fill_random({key.data(), kKeyBytes});
    const Hash check = check_of(key, instance, id);
    return {id, wrapper.wrap({reinterpret_cast<const char*>(key.data()), kKeyBytes}),
            std::string(check.begin(), check.end())};
}

Vault::Vault(const std::string& instance, std::span<const WrappedKey> keys, KeyWrapper& wrapper)
    : parts_(std::make_unique<Parts>(instance)) {
    if (keys.empty()) throw VaultError(VaultProblem::kMissingKey, "the instance has no data key");
    const auto oldest =
        std::min_element(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    for (const WrappedKey& wrapped : keys) {
        SecretKey key;
        unwrap_into(instance, wrapped, wrapper, key);
        derive_key(key.view(), "seal", parts_->keys[wrapped.id].seal);
        if (wrapped.id == oldest->id) {
            derive_key(key.view(), "fingerprint", parts_->fingerprint);
            derive_key(key.view(), "lookup", parts_->lookup);
        }
    }
}

Vault::~Vault() = default;

std::string Vault::seal(std::string_view table, std::string_view row, std::string_view plaintext) const {
    if (plaintext.size() > kMaxPlaintext) {
        throw VaultError(VaultProblem::kCrypto, "too much data to seal in one piece");
    }
    auto& [id, key] = *parts_->keys.rbegin();
    std::string sealed(kOverhead + plaintext.size(), '\0');
    unsigned char* out = bytes_of(sealed);
    out[0] = kVersion;
    out[1] = static_cast<unsigned char>(id >> 8U);
    out[2] = static_cast<unsigned char>(id & 0xFFU);

    auto cipher = key.encryptors.take();
    EVP_CIPHER_CTX* context = cipher->context.get();
    cipher->take_nonce(out + kHeaderBytes);
    parts_->begin(*cipher, out, table, row);
    unsigned char* ciphertext = out + kHeaderBytes + kNonceBytes;
    int length = 0;
    if (!plaintext.empty()) {
        require(EVP_CipherUpdate(context, ciphertext, &length, bytes_of(plaintext),
                                 static_cast<int>(plaintext.size())) == 1);
    }
    unsigned char* tag = ciphertext + plaintext.size();
    require(EVP_CipherFinal_ex(context, tag, &length) == 1);
    require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, tag) == 1);
    key.encryptors.give_back(std::move(cipher));
    return sealed;
}

std::string Vault::open(std::string_view table, std::string_view row, std::string_view sealed) const {
    const auto found = parts_->keys.find(key_of(sealed));
    if (found == parts_->keys.end()) {
        throw VaultError(VaultProblem::kMissingKey, "stored data was sealed with a key that is not here");
    }
    DataKey& key = found->second;
    const std::string_view ciphertext = sealed.substr(kHeaderBytes + kNonceBytes, sealed.size() - kOverhead);
    std::string tag(sealed.substr(sealed.size() - kTagBytes));
    std::string plaintext(ciphertext.size(), '\0');

    auto cipher = key.decryptors.take();
    EVP_CIPHER_CTX* context = cipher->context.get();
    parts_->begin(*cipher, bytes_of(sealed), table, row);
    int length = 0;
    if (!ciphertext.empty()) {
        require(EVP_CipherUpdate(context, bytes_of(plaintext), &length, bytes_of(ciphertext),
                                 static_cast<int>(ciphertext.size())) == 1);
    }
    require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
    if (EVP_CipherFinal_ex(context, bytes_of(tag), &length) != 1) {
        wipe(plaintext);
        tampered();
    }
    key.decryptors.give_back(std::move(cipher));
    return plaintext;
}

std::span<const std::uint8_t> Vault::fingerprint_key() const noexcept {
    return parts_->fingerprint.view();
}

std::array<std::uint8_t, 32> Vault::keyed_hash(std::string_view purpose, std::string_view text) const {
    return vault::keyed_hash(parts_->lookup.view(), purpose, text);
}

KeyId Vault::current_key() const noexcept {
    return parts_->keys.rbegin()->first;
}

KeyId key_of(std::string_view sealed) {
    if (sealed.size() < kOverhead || bytes_of(sealed)[0] != kVersion) tampered();
    return static_cast<KeyId>((bytes_of(sealed)[1] << 8U) | bytes_of(sealed)[2]);
}

}  // namespace metakocka::vault
