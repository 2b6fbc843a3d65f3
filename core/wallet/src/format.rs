//! The credential formats that this wallet supports.

/// How a credential is encoded and signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialFormat {
    /// SD-CWT, the format of the roadside QR.
    SdCwt,
}

impl CredentialFormat {
    /// Every format. An issuer's configurations and the vault's rows are read by this list.
    pub const ALL: [Self; 1] = [Self::SdCwt];

    /// The credential format identifier (OpenID4VCI 1.0, section 12.2.4). It is also the name in
    /// the vault.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::SdCwt => "dc+sd-cwt",
        }
    }

    /// The format of an identifier; `None` for one that this wallet does not support.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::CredentialFormat;

    #[test]
    fn each_format_is_found_by_its_id_and_no_other_is() {
        for format in CredentialFormat::ALL {
            assert_eq!(CredentialFormat::from_id(format.id()), Some(format));
        }
        for other in ["", "mso_mdoc", "dc+sd-jwt", "DC+SD-CWT"] {
            assert_eq!(CredentialFormat::from_id(other), None, "{other}");
        }
    }
}
