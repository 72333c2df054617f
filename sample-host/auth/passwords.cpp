#include "auth/passwords.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace crm::sample {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemoryBytes = std::size_t{64} << 20;

class Slot {
  public:
    explicit Slot(std::counting_semaphore<2>& slots) : slots_(slots) { slots_.acquire(); }
    ~Slot() { slots_.release(); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

  private:
    std::counting_semaphore<2>& slots_;
};

}  // namespace

std::string Passwords::hash(const std::string& password) {
    const Slot slot(slots_);
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemoryBytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw std::runtime_error("not enough memory to hash a password");
    }
    return out.data();
}

bool Passwords::verify(const std::string& hash, const std::string& password) {
    const Slot slot(slots_);
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void Passwords::waste_time(const std::string& password) {
    hash(password);
}

}  // namespace crm::sample
