// Argon2id, within a bound on how much memory is spent on it at once.
#pragma once

#include <semaphore>
#include <string>

namespace crm::sample {

class Passwords {
  public:
    std::string hash(const std::string& password);
    bool verify(const std::string& hash, const std::string& password);
    // Takes as long as verify, for names that do not exist.
    void waste_time(const std::string& password);

  private:
    // Each takes 64 MiB: a flood of logins must not take the machine's memory.
    std::counting_semaphore<2> slots_{2};
};

}  // namespace crm::sample
