// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signs a PDF with iText 5 and BouncyCastle, for tests: signers that are not ours.
// Reads one job a line from standard input, so that one Java machine does them all:
//   IN OUT P12 ALIAS cms|cades|sha1|timestamp LEVEL FIELD [append] [tsa=P12] [visible] [fill=FIELD:VALUE]
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.LtvTimestamp;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import com.itextpdf.text.pdf.security.TSAClient;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

public class SignIt {
  static class LocalTsa implements TSAClient {
    final PrivateKey key;
    final X509Certificate certificate;

    LocalTsa (PrivateKey key, X509Certificate certificate) { this.key = key; this.certificate = certificate; }

    public int getTokenSizeEstimate () { return 8192; }

    public MessageDigest getMessageDigest () throws GeneralSecurityException { return MessageDigest.getInstance ("SHA-256"); }

    public byte[] getTimeStampToken (byte[] imprint) throws Exception {
      TimeStampTokenGenerator generator = new TimeStampTokenGenerator (
        new JcaSimpleSignerInfoGeneratorBuilder ().build ("SHA256withRSA", key, certificate),
        new JcaDigestCalculatorProviderBuilder ().build ().get (new AlgorithmIdentifier (NISTObjectIdentifiers.id_sha256)),
        new ASN1ObjectIdentifier ("1.2.3.4"));
      generator.addCertificates (new JcaCertStore (Arrays.asList (certificate)));
      TimeStampRequestGenerator requests = new TimeStampRequestGenerator ();
      requests.setCertReq (true);
      TimeStampRequest request = requests.generate (TSPAlgorithms.SHA256, imprint, BigInteger.valueOf (System.nanoTime ()));
      return generator.generate (request, BigInteger.valueOf (System.nanoTime ()), new Date ()).getEncoded ();
    }
  }

  static KeyStore store (String file) throws Exception {
    KeyStore store = KeyStore.getInstance ("PKCS12");
    store.load (new FileInputStream (file), "test".toCharArray ());
    return store;
  }

  static void sign (String[] a) throws Exception {
    String alias = a[3], tsaFile = null, fill = null;
    boolean append = false, visible = false;
    for (int i = 7; i < a.length; i++) {
      append |= a[i].equals ("append");
      visible |= a[i].equals ("visible");
      if (a[i].startsWith ("tsa=")) tsaFile = a[i].substring (4);
      if (a[i].startsWith ("fill=")) fill = a[i].substring (5);
    }
    KeyStore keys = store (a[2]);
    PrivateKey key = (PrivateKey) keys.getKey (alias, "test".toCharArray ());
    Certificate[] chain = keys.getCertificateChain (alias);
    PdfStamper stamper = PdfStamper.createSignature (new PdfReader (a[0]), new FileOutputStream (a[1]), '\0', null, append);
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance ();
    appearance.setReason ("test");
    if (a[6].startsWith ("@"))  // a field that is there
      appearance.setVisibleSignature (a[6].substring (1));
    else
      appearance.setVisibleSignature (visible ? new Rectangle (100, 100, 300, 160) : new Rectangle (0, 0, 0, 0), 1, a[6]);
    appearance.setCertificationLevel (Integer.parseInt (a[5]));
    if (fill != null)
      stamper.getAcroFields ().setField (fill.substring (0, fill.indexOf (':')), fill.substring (fill.indexOf (':') + 1));
    TSAClient tsa = null;
    if (tsaFile != null) {
      KeyStore s = store (tsaFile);
      String name = s.aliases ().nextElement ();
      tsa = new LocalTsa ((PrivateKey) s.getKey (name, "test".toCharArray ()), (X509Certificate) s.getCertificate (name));
    }
    if (a[4].equals ("timestamp")) {
      LtvTimestamp.timestamp (appearance, tsa, a[6]);
      return;
    }
    MakeSignature.signDetached (appearance, new BouncyCastleDigest (),
      new PrivateKeySignature (key, a[4].equals ("sha1") ? "SHA-1" : "SHA-256", "BC"), chain, null, null, tsa, 0,
      a[4].equals ("cades") ? MakeSignature.CryptoStandard.CADES : MakeSignature.CryptoStandard.CMS);
  }

  public static void main (String[] args) throws Exception {
    Security.addProvider (new org.bouncycastle.jce.provider.BouncyCastleProvider ());
    BufferedReader jobs = new BufferedReader (new InputStreamReader (System.in));
    int failed = 0;
    for (String job; (job = jobs.readLine ()) != null;)
      try {
        sign (job.trim ().split (" +"));
      } catch (Exception e) {
        System.err.println (job + ": " + e);
        failed++;
      }
    System.exit (failed);
  }
}
