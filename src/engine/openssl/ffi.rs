//! The calls of OpenSSL the safe bindings lack: overhearing every handshake message, post-handshake authentication,
//! renegotiation and how much of it is put up with, the bound on a certificate message, beginning without the machine's
//! configuration. The only unsafe code of this crate.

use std::any::Any;
use std::ffi::{c_int, c_long, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use foreign_types::ForeignTypeRef;
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::ssl::{Ssl, SslContextBuilder, SslRef};
use openssl_sys as sys;

/// What is told of every message of a connection, in clear text and before OpenSSL judges it.
pub(crate) trait Listener: Send + Sync + 'static {
    /// A whole handshake message, its four octets of head included.
    fn handshake(&self, sent: bool, message: &[u8]);
    /// An alert: level and description.
    fn alert(&self, sent: bool, alert: &[u8]);
}

/// What hangs in a connection's extra data.
struct Listening(Arc<dyn Listener>);

const HANDSHAKE: c_int = 22;
const ALERT: c_int = 21;
/// `SSL_CTRL_SET_MAX_CERT_LIST` of ssl.h.
const SET_MAX_CERT_LIST: c_int = 51;
/// `OPENSSL_INIT_NO_LOAD_CONFIG` of crypto.h.
const INIT_NO_LOAD_CONFIG: u64 = 0x80;
/// `OPENSSL_INIT_NO_ATEXIT` of crypto.h.
const INIT_NO_ATEXIT: u64 = 0x0008_0000;

type OnMessage = unsafe extern "C" fn(c_int, c_int, c_int, *const c_void, usize, *mut sys::SSL, *mut c_void);

unsafe extern "C" {
    fn SSL_set_msg_callback(ssl: *mut sys::SSL, callback: Option<OnMessage>);
    fn SSL_set_post_handshake_auth(ssl: *mut sys::SSL, on: c_int);
    fn SSL_clear_options(ssl: *mut sys::SSL, options: u64) -> u64;
    fn OPENSSL_init_crypto(options: u64, settings: *const c_void) -> c_int;
}

// What only a server asks for.
#[cfg(any(test, feature = "demo"))]
unsafe extern "C" {
    fn SSL_verify_client_post_handshake(ssl: *mut sys::SSL) -> c_int;
    fn SSL_renegotiate(ssl: *mut sys::SSL) -> c_int;
    fn SSL_renegotiate_pending(ssl: *const sys::SSL) -> c_int;
}

fn index() -> Result<Index<Ssl, Listening>, ErrorStack> {
    static INDEX: OnceLock<Index<Ssl, Listening>> = OnceLock::new();
    match INDEX.get() {
        Some(index) => Ok(*index),
        None => {
            let new = Ssl::new_ex_index::<Listening>()?;
            Ok(*INDEX.get_or_init(|| new))
        }
    }
}

/// Lets the listener hear every message of this connection from now on; it lives as long as the connection.
pub(crate) fn listen(ssl: &mut SslRef, listener: Arc<dyn Listener>) -> Result<(), ErrorStack> {
    ssl.set_ex_data(index()?, Listening(listener));
    // SAFETY: the pointer is that of a live SSL we hold exclusively, and the function has the signature ssl.h asks for.
    unsafe { SSL_set_msg_callback(ssl.as_ptr(), Some(on_message)) };
    Ok(())
}

/// OpenSSL's message callback.
///
/// # Safety
/// As OpenSSL promises: `ssl` is the live connection the message belongs to, and `buffer` holds `length` readable bytes.
unsafe extern "C" fn on_message(
    sent: c_int,
    _version: c_int,
    content: c_int,
    buffer: *const c_void,
    length: usize,
    ssl: *mut sys::SSL,
    _: *mut c_void,
) {
    if (content != HANDSHAKE && content != ALERT) || buffer.is_null() || ssl.is_null() {
        return;
    }
    // SAFETY: see above; both are borrowed for the length of this call only, and `ssl` is only read.
    let (ssl, message) = unsafe { (SslRef::from_ptr(ssl), std::slice::from_raw_parts(buffer.cast::<u8>(), length)) };
    // A panic must not unwind into C. Listeners do not panic; if one did, its message would be missed and nothing more.
    let _: Result<(), Box<dyn Any + Send>> = catch_unwind(AssertUnwindSafe(|| {
        let Some(Listening(listener)) = index().ok().and_then(|index| ssl.ex_data(index)) else { return };
        if content == HANDSHAKE {
            listener.handshake(sent != 0, message);
        } else {
            listener.alert(sent != 0, message);
        }
    }));
}

/// Begins without reading any configuration file, and has nothing freed when the program ends: threads that are not waited
/// for may still be in a handshake then. Counts where nothing of OpenSSL has been used yet.
pub(crate) fn begin_without_configuration() {
    // SAFETY: the call takes a number and no settings, may be made at any time and from any thread, and counts once.
    unsafe { OPENSSL_init_crypto(INIT_NO_LOAD_CONFIG | INIT_NO_ATEXIT, std::ptr::null()) };
}

/// Takes options of ssl.h from a connection; gives those that are left.
pub(crate) fn clear_options(ssl: &mut SslRef, options: u64) -> u64 {
    // SAFETY: the pointer is that of a live SSL we hold exclusively; the call only sets flags in it.
    unsafe { SSL_clear_options(ssl.as_ptr(), options) }
}

/// Offers post-handshake authentication in a client's TLS 1.3 hello.
pub(crate) fn offer_post_handshake_authentication(ssl: &mut SslRef) {
    // SAFETY: the pointer is that of a live SSL we hold exclusively; the call only sets a flag in it.
    unsafe { SSL_set_post_handshake_auth(ssl.as_ptr(), 1) };
}

/// A stream's connection, to be changed: tokio's wrapper gives it to read only.
pub(crate) fn connection<S>(stream: &mut tokio_openssl::SslStream<S>) -> &mut SslRef {
    // SAFETY: the pointer is that of the live SSL the stream owns, and the stream is borrowed exclusively for as long as
    // the result lives.
    unsafe { SslRef::from_ptr_mut(stream.ssl().as_ptr()) }
}

/// Bounds the length of Certificate and CertificateRequest messages, in bytes.
pub(crate) fn bound_certificate_messages(context: &mut SslContextBuilder, bytes: c_int) {
    // SAFETY: the pointer is that of a live SSL_CTX we hold exclusively; this control takes a number and no pointer.
    unsafe { sys::SSL_CTX_ctrl(context.as_ptr(), SET_MAX_CERT_LIST, c_long::from(bytes), std::ptr::null_mut()) };
}

/// Has a TLS 1.3 server ask its client for a certificate; the request goes out with the next handshake call.
#[cfg(any(test, feature = "demo"))]
pub(crate) fn request_certificate(ssl: &mut SslRef) -> Result<(), ErrorStack> {
    // SAFETY: the pointer is that of a live SSL we hold exclusively.
    match unsafe { SSL_verify_client_post_handshake(ssl.as_ptr()) } {
        1 => Ok(()),
        _ => Err(ErrorStack::get()),
    }
}

/// Has a server of TLS 1.2 or older ask for a new handshake; the HelloRequest goes out with the next handshake call.
#[cfg(any(test, feature = "demo"))]
pub(crate) fn renegotiate(ssl: &mut SslRef) -> Result<(), ErrorStack> {
    // SAFETY: the pointer is that of a live SSL we hold exclusively.
    match unsafe { SSL_renegotiate(ssl.as_ptr()) } {
        1 => Ok(()),
        _ => Err(ErrorStack::get()),
    }
}

/// Whether a handshake asked for by [`renegotiate`] is not over yet.
#[cfg(any(test, feature = "demo"))]
pub(crate) fn is_renegotiating(ssl: &SslRef) -> bool {
    // SAFETY: the pointer is that of a live SSL, which the call only reads.
    unsafe { SSL_renegotiate_pending(ssl.as_ptr()) != 0 }
}
