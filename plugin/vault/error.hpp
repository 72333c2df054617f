// What goes wrong with keys and sealed data.
#pragma once

#include <stdexcept>
#include <string>

namespace metakocka::vault {

enum class VaultProblem {
    kWrongKey,    // the master key is not the one that wrapped this instance's key
    kMissingKey,  // sealed data names a key that this vault does not hold
    kTampered,    // sealed data was changed, cut or moved to another instance, table or row
    kCrypto,      // the crypto library failed
};

// The text is for people and holds neither keys nor plaintext.
class VaultError : public std::runtime_error {
  public:
    VaultError(VaultProblem problem, const std::string& text) : std::runtime_error(text), problem_(problem) {}
    VaultProblem problem() const noexcept { return problem_; }

  private:
    VaultProblem problem_;
};

}  // namespace metakocka::vault
