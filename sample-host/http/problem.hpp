// Errors as people and programs get them: RFC 9457.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "records/value.hpp"

namespace crm::sample {

class Problem : public std::exception {
  public:
    Problem(int status, std::string detail, std::vector<InputError> errors = {})
        : status_(status), detail_(std::move(detail)), errors_(std::move(errors)) {}

    const char* what() const noexcept override { return detail_.c_str(); }
    int status() const { return status_; }
    // application/problem+json
    std::string json() const;

  private:
    int status_;
    std::string detail_;
    std::vector<InputError> errors_;
};

}  // namespace crm::sample
