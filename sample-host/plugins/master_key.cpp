#include "plugins/master_key.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "crm/error.hpp"
#include "util/secrets.hpp"

namespace crm::sample {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMaxWrappedKey = 256;
constexpr char kFormat = 1;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void check(int result) {
    if (result != 1) throw Error(CRM_INTERNAL, "the cryptographic library failed");
}

std::string read_key(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("the master key cannot be read from " + file.string());
    std::string key{std::istreambuf_iterator<char>(in), {}};
    if (key.size() != kKeyBytes) {
        throw std::runtime_error("the master key in " + file.string() + " must be exactly 32 bytes, it is " +
                                 std::to_string(key.size()));
    }
    return key;
}

void write_key(const std::filesystem::path& file, const std::string& key) {
    // Created with its final mode, so that nobody can read it in between.
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error("the master key cannot be written to " + file.string());
    const bool written = ::write(descriptor, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written) throw std::runtime_error("the master key cannot be written to " + file.string());
}

}  // namespace

MasterKey MasterKey::load(const std::filesystem::path& data, Logger& logger) {
    const char* named = std::getenv("CRM_MASTER_KEY_FILE");
    if (named != nullptr && *named != '\0') return MasterKey(read_key(named));
    const std::filesystem::path file = data / "master.key";
    if (!std::filesystem::exists(file)) {
        // A new key would open nothing of what is there, and hide that the old one is missing.
        const auto connectors = data / "connectors";
        if (std::filesystem::exists(connectors) && !std::filesystem::is_empty(connectors)) {
            throw std::runtime_error(
                "the master key " + file.string() +
                " is missing, but connectors have stored data under it; put the key back, or "
                "name it with CRM_MASTER_KEY_FILE. Without it the stored credentials are lost: to "
                "start again, remove " +
                connectors.string());
        }
        write_key(file, random_bytes(kKeyBytes));
        logger.warn("made a master key in " + file.string() +
                    "; keep it apart from the data and name it with CRM_MASTER_KEY_FILE");
    }
    return MasterKey(read_key(file));
}

std::string MasterKey::wrap(std::string_view key, std::string_view purpose) const {
    if (key.empty() || key.size() > kMaxWrappedKey) throw Error(CRM_INVALID, "a key has 1 to 256 bytes");
    const std::string nonce = random_bytes(kNonceBytes);
    std::string sealed(key.size(), '\0');
    std::string tag(kTagBytes, '\0');
    const Context context(EVP_CIPHER_CTX_new());
    int size = 0;
    check(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)));
    check(EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(purpose), static_cast<int>(purpose.size())));
    check(EVP_EncryptUpdate(context.get(), bytes(sealed), &size, bytes(key), static_cast<int>(key.size())));
    check(EVP_EncryptFinal_ex(context.get(), bytes(sealed) + size, &size));
    check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), tag.data()));
    return std::string(1, kFormat) + nonce + sealed + tag;
}

std::string MasterKey::unwrap(std::string_view wrapped, std::string_view purpose) const {
    if (wrapped.size() <= 1 + kNonceBytes + kTagBytes || wrapped[0] != kFormat) {
        throw Error(CRM_AUTH, "this is not a key wrapped by this host");
    }
    const std::string nonce(wrapped.substr(1, kNonceBytes));
    const std::string_view sealed =
        wrapped.substr(1 + kNonceBytes, wrapped.size() - 1 - kNonceBytes - kTagBytes);
    std::string tag(wrapped.substr(wrapped.size() - kTagBytes));
    std::string key(sealed.size(), '\0');
    const Context context(EVP_CIPHER_CTX_new());
    int size = 0;
    check(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)));
    check(EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(purpose), static_cast<int>(purpose.size())));
    check(
        EVP_DecryptUpdate(context.get(), bytes(key), &size, bytes(sealed), static_cast<int>(sealed.size())));
    check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), tag.data()));
    if (EVP_DecryptFinal_ex(context.get(), bytes(key) + size, &size) != 1) {
        throw Error(CRM_AUTH, "the key was wrapped under another master key or was changed");
    }
    return key;
}

}  // namespace crm::sample
